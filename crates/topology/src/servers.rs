//! Which servers a release of Dify can use, where that is narrower than "whatever speaks the protocol": what the client library
//! that the release pins can talk to. A release that changes nothing here needs no row.

use serde::Serialize;

use crate::Release;

/// Major and minor number of a version.
pub type Minor = (u32, u32);

/// From one release of Dify on, what a server must be.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ServerRange {
    /// The product, as in messages.
    pub product: &'static str,
    /// The first release of Dify that this is true for.
    pub dify: Minor,
    /// The oldest server.
    pub from: Minor,
    /// The first server that is too new, if there is one.
    pub below: Option<Minor>,
    /// What to do.
    pub hint: &'static str,
}

/// In the order of releases for each product.
pub const SERVER_RANGES: &[ServerRange] = &[
    ServerRange {
        product: "Weaviate",
        dify: (1, 10),
        from: (1, 27),
        below: None,
        hint: "update Weaviate to 1.27 or newer; Dify's upgrade guide moves the data",
    },
    // Its client, 4.22, still takes 1.27, but those who ran the two together report that they do not work.
    ServerRange {
        product: "Weaviate",
        dify: (1, 17),
        from: (1, 28),
        below: None,
        hint: "update Weaviate; Dify's own files bring 1.39",
    },
    // With 1.0, its client (0.5.20 in every release) connects, and then fails at every collection: KeyError '_type'.
    ServerRange {
        product: "Chroma",
        dify: (1, 10),
        from: (0, 5),
        below: Some((1, 0)),
        hint: "run Chroma 0.5.20, the release that Dify's client belongs to",
    },
];

impl ServerRange {
    /// Whether a server of this version is in the range.
    #[must_use]
    pub fn contains(&self, server: Minor) -> bool {
        server >= self.from && self.below.is_none_or(|below| server < below)
    }
}

impl Release {
    /// What a server of this product must be for this release, if not everything will do.
    #[must_use]
    pub fn servers(&self, product: &str) -> Option<&'static ServerRange> {
        let own = minor(self.version)?;
        SERVER_RANGES.iter().rfind(|range| range.product == product && own >= range.dify)
    }
}

/// The first two numbers of a version, such as `v2.3.5-lite` or `1.27`; none where it does not begin with them.
#[must_use]
pub fn minor(version: &str) -> Option<Minor> {
    let version = version.strip_prefix('v').unwrap_or(version);
    let mut numbers = version.split(['.', '-', '+']).map(|part| part.parse::<u32>().ok());
    numbers.next().flatten().zip(numbers.next().flatten())
}

#[cfg(test)]
mod tests {
    use super::minor;
    use crate::RELEASES;

    #[test]
    fn the_numbers_are_read_as_images_are_tagged() {
        for (text, expected) in [
            ("1.16.1", Some((1, 16))),
            ("1.10.1-fix.1", Some((1, 10))),
            ("v2.3.5-lite", Some((2, 3))),
            ("latest", None),
            ("", None),
        ] {
            assert_eq!(minor(text), expected, "{text}");
        }
    }

    #[test]
    fn a_release_can_use_the_servers_that_are_brought_along() {
        for release in RELEASES {
            let range = release.servers("Weaviate").expect("a range");
            let image = release.images.iter().find(|image| image.name == "weaviate").expect("an image");
            assert!(minor(image.tag).is_some_and(|tag| range.contains(tag)), "{}", release.version);
        }
        assert_eq!(RELEASES[0].servers("Redis").map(|range| range.product), None);
    }
}
