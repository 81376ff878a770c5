//! Values that everybody can read, known by their hashes.
//!
//! A hash, so that those values do not lie about in this repository too; with a prefix, so that a list of
//! hashes of common passwords does not give them away either.

use ring::digest::{Context, SHA256};

/// What is hashed before a value.
pub const DOMAIN: &str = "dify-preflight published default\n";

/// Whether everybody can read this value somewhere. Quotes and white space around it change nothing about that.
#[must_use]
pub fn is_published(value: &str) -> bool {
    let bare = value.trim().trim_matches(['"', '\'']).trim();
    PUBLISHED.contains(&hash(bare).as_str())
}

fn hash(value: &str) -> String {
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN.as_bytes());
    context.update(value.as_bytes());
    context.finish().as_ref().iter().flat_map(|byte| hex(*byte)).collect()
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('0'))
}

/// SHA-256 of prefix and value.
pub const PUBLISHED: &[&str] = &[
    // Dify's compose files, their `.env.example`s and its code, from the first release on.
    "3a45efc353b9424d1a20af824ea414a3f8a4dcfddca7adea3303e530f11dda1e",
    "5f538d75b71282ef06a7c500690bba1e5ac0b12cc1005373aff78fb9bb9715d6",
    "d70030701a901d2258aeff0621330d32fa75ebf6ccf7316b7e71cdc55d0cf9a8",
    "356c4e4c9417ce30b47050cf197955aae63c2d70d06fa5f60e6e7adc6c5f0204",
    "cd028490758b5794f9eb2a32fa508f5b3fbaf0567a5eba2ab6647bc6abad9d13",
    "42ca55f329020c4c012c60e6481b5a52fdcf51d213b544c8d34956422f26d8a6",
    "02618d8ba6494ac0f9d67eaeb607dbdc91af6b7e077a3efc1fe9706b6f0fc8f1",
    "cdc91bc2c20cdffd3db7a40a213432217f824a3ff5b98ac39344aea1eaa55e1c",
    "892d5ded2c3865456cc7d6b4323d3790f8ce946c062fbde235bfbb70b7c04eda",
    "876a5944ec5b355645350d231ceb96ab1e1e6f73512af1e55dff531adb9ebda2",
    "6508c5b3455245a148f930c9b10259941380f9edf79fbac12c999343c4fe86b1",
    "82ebfc778ba1a039ff76a519d5c4f14adaf97c9b15afd8d00799fbcde43dfa55",
    "ecb127e37ae02881a2c7b78b03c022689966b1fea91612612c10d1ea0f3e35e9",
    "d88da44d1b362ff9b8ca5e19abf3f67240559621245e67883f3c8f902b24f64a",
    "9a5ccb8c9aa9845ee2d09719042dc2658498392334b31543405aaadd7e3031c3",
    "3d8bb26a0bf9c123b364733329f719f78f13c84087a1e0a0201c6c7c3882c039",
    "17e1da40a68b4830a9d5232d536a857024f9e1bf7f22dd9dc718e2c8572b392d",
    "1bd33b43fe663739793854d2df3487f51e4c9741ec047a7a673c6b93b7a97bb9",
    "ae0b11138c11283a9011c92cc3535bf306b34fad74d7690f02cfd792d5eeed47",
    "581c9b5f0a2e2c0cc17a11b05916ca089e5acacec4f395934e83a6141498e513",
    "d10aba4a3d42ada223757e99bf05dfa93367ca7265fb3565da045e3230f2292c",
    "7646199d727848f6eb89a5ed12e3ec581c1d163b0aa819050985b7fa483e51d5",
    "e9d9b5ad3c196cd1fb4fa619cb5397bb6216046741604b939abbc55a29ad7b74",
    "0a88228125e5210b751053fb89553687cb25d388637a3ea48fe619b8a1c3d784",
    "947525adf41ef6323e097a808b5f3715fc6141327e141a434d0722c10241ce84",
    "87e31bad817ce7e5e9f949f4ee1b26c26cafa0709656832729f4a1d618fdd0ba",
    "fb18bc29724408e7459e84087e8c2403710aeafd05a97bbcff3162f7ab7dcbf8",
    "d743e3e0055cd6841a39d9f6e3cf801fedf81bc58cbeb74a8c3235bcf2c8fdde",
    "a118fefcbcef57448b039742d59df51c57dab52c9afecd257d0262231df3f725",
    "5f2432ad4a48b3c58d584f5de847356030374a4de27cbd1f33faf201da9ec965",
    "7fe9a47210ddad1ae7821c16f6e21fe3c18079bedc7bafc1d8717a0e1dacd5dc",
    "a13625e7b75b3274ce78da85f9b408d8a33f2721e9247f91f2f989eaf233014c",
    "ae10dc92d89aeb2b394958936e0e212f3860d121e20c1e51768f5d1408fa0faa",
    "69e2dcec20f4fcea7516932dc919a8da64399679f5d02cc3fa5753455d254f3b",
    "2daf75092dcddbb47dfc7f46ede44147b83d25c49a85103e9ceb4a22cf19168b",
    "2114914b1aa951c07e58a3f442cf13621ee2589085cd1346542f01a804021dd7",
    "4f51406a5be98e9dd3768bade4959950cc5356232481cfce8a1a05ace8e9d3f6",
    "a2b0fdcdf47e9de4fa1db0bf7b02175d3550e757df218051f8b3c1a3434f0dc4",
    "7c227536d1caef4befaa2d1abbf458f2a648a3b1a5975e8a20753d5cf0053a67",
    "c65efc1cb4cbb289e97160c536ae323707f9799c05f0299f4b3d95b9172fd6bc",
    // Charts and manifests that others publish for Kubernetes, with their documentation.
    "fca761d4eb7358f8921107b88155d6cc04c9ed27f132f9680d9f86e2a81d73fd",
    "021e27921bd9e183dbb22cb9260dee531d968321f45bdb3fc1400d66f79a7c8f",
    "12335e0046fbb9f9963a94142699a1b1bb1e25547d9c1c959d4f8d40369055b9",
    "3b6cc27a8f80545175653467785b418104ab801f59aa715e79a6401211ae6ffa",
    "bd154f90671ed1fe531db7df7d083ab198c5a6146735308ca36f33b72b5ac1cc",
    "e7519b4a7d27e8968dc640c593ea114ec3a907339cdd1eb2967d6367de5becee",
    "6a6ada618567ecf77b0d8ae2ff953b4203f8a3b2a46600057e986b73292cf54c",
    "2239a28ea4c3a4a44c47ef17a3c93e29bccef33f78403425105161b5e8494881",
    "16f08c8fd992e9e391d4222aebb83098f32154d8b4243c8c05784ef89d7d4853",
    "7628befa6bc78d922ca0d66bd60d980492199a3ab3504c961d5c184a77917bae",
    "6bc4c446ea533262c94e49b99741f75ab5979a9720cbd22f4f9c3fbca2a4ccb7",
    "c5d4fa9b601c0415c2f3dae068b05688409385e219ffa1f5f8e03b8b1dcd188a",
    "2d89f4b7dbef8e6dabd4f7b636a53c73d6b44a642aff72e1569f60c9a0e3369f",
    "8fdc31af7267cdb48e002fa47dbc4212ff9f1774f23f10ebcbcaf82fee7f0b3e",
    "efa64d81f8571ebce3cd263ab54bf9fb1a174c0254413749b5ea3da605f71f3b",
    "b43bc11118720db59d1cca5fe372d3deea3cf58b5c562eb07cb32d13faedd51a",
    // What people type instead of a key.
    "1f3033b98d192414df4865c38696475416334ed2fa25823bc31de0ba714647a2",
    "7676a35b30a0c16b3b080a00521184b9b60fcc9743042d803c2b9eb5b4eca28e",
    "8d9b67f1cecd4e245b6e368afaabeafb580c0498ce4035d4bb3cdb8a6454a709",
    "17e79cc1078d29ee0d367af400807741b97204d07f14920931f05f09befa3c76",
    "58131fd2b287e510f63f58ec6c7c2918f1ecd64201661a680e3fe1efd6de2441",
    "240f15d39e93b82d10659d03844de0752bd7fc81746683613cf8ac6f02212eeb",
    "fd6f2aaaa769934077ec0eb0fbf22204c0bd75541a270f4c68decfe415515aa2",
    "099cef519bc62f7f3e93817c0e5ba06729b596baa6c71f77e58f056bcbd7f6d7",
    "0f652552bf1f4f39a53cf1080ad826c8c1b5785845e38a0160712daf7ef64c88",
    "0b1dc1c9d2f9e79822188e5e7193518daf0597a3adda677dfaf7818522d95ba9",
    "746c3ca5b6ee3065f79c19d9d13598b3bbd472e60c4596931b5713f4ff6f7e97",
    "3af78010395d2af7aec7f9d90feb6546e9d4638c18daf1d85fef763b5e4e9952",
    "4831a787930b6d826908b238142722472834c63b653f62a70a0292c38f213316",
    "7d45e104777769c3c8becc1eaed1f76cdc50e0522874db2ad360b05cf619418f",
    "79a2ab0d2972eb09b7a45d23f76aabc303e9671f736f8aafc63c1c20e82beed4",
    "04430820141b4a406d218eb07d5ead4c09214f3c040120180d1a513e8d4e567d",
    "30e905b7a4f49fe14c529c67e6a3524175637576bd8c96725d8c137d94fe8f2e",
    "458c9c19e64753db7db9a03b95e0aa857f597d89b27f422b021a11d5ea498077",
    "6b5b6ce39f092e287c8604313842cbe7ab3966e7e770179c89451ddbc2d2a2e0",
    "7636e43eec957a5843fa00f19c7dc41f64c9305d136f957a5532c86a64052b44",
    "27c6a0077698347ded962d7a41e5398d5abcc3f6353916603f4bb97bb1dbee02",
    "5f8e671f4d86320d0fc4085519ce047deadb66e3f902c92b8772ef96379d260b",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_value_is_known_in_quotes_and_with_a_line_break_too() {
        let value = ["dify-", "sandbox"].concat();
        for spelling in [value.clone(), format!("{value}\n"), format!("\"{value}\""), format!(" '{value}' ")]
        {
            assert!(is_published(&spelling), "{spelling:?}");
        }
        assert!(!is_published(&format!("{value}2")));
        assert!(!is_published(""));
    }

    #[test]
    fn every_hash_is_one_and_stands_once() {
        let mut all: Vec<&str> = PUBLISHED.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), PUBLISHED.len());
        assert!(all.iter().all(|hash| hash.len() == 64));
    }
}
