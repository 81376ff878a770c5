//! One data file per release, and the parts that releases share.

mod parts;
mod v1_10_1;
mod v1_16_1;

use serde::Serialize;

use crate::component::Component;
use crate::route::Route;

/// An image of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Image {
    /// How components refer to it.
    pub name: &'static str,
    /// Where it is pulled from.
    pub repository: &'static str,
    /// The tag that belongs to the release.
    pub tag: &'static str,
}

/// One release of Dify.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Release {
    /// Dify's version.
    pub version: &'static str,
    /// The head of the database schema that its api image carries. Documentation only: the tools read it from the image.
    pub schema_head: &'static str,
    /// The images it is made of, and those of the stores that are brought along.
    pub images: &'static [Image],
    /// Its components, stores and jobs.
    pub components: &'static [Component],
    /// Which path leads to which component.
    pub routes: &'static [Route],
    /// What its code knows, one word a line: the variables that each component reads, the queues of a worker, the names of
    /// vector stores and storage types. `just release-check` reads them in Dify's sources.
    pub known: &'static [(&'static str, &'static str)],
}

/// The releases that are described here, oldest first.
pub const RELEASES: &[Release] = &[v1_10_1::RELEASE, v1_16_1::RELEASE];

/// The release of this version.
#[must_use]
pub fn release(version: &str) -> Option<&'static Release> {
    RELEASES.iter().find(|release| release.version == version)
}

impl Release {
    /// The component of this name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&'static Component> {
        self.components.iter().find(|component| component.name == name)
    }

    /// The words of a list, such as the variables that a component reads; none where its sources could not be had.
    #[must_use]
    pub fn known(&self, list: &str) -> Option<impl Iterator<Item = &'static str>> {
        let (_, text) = self.known.iter().find(|(name, _)| *name == list)?;
        Some(text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')))
    }

    /// The image of this name.
    #[must_use]
    pub fn image(&self, name: &str) -> Option<&'static Image> {
        self.images.iter().find(|image| image.name == name)
    }
}
