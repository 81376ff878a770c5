//! Which keys there are, what they must look like, and under which names they are held.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use preflight::ConfigError;
use ring::digest;

/// What a value has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Sent in an HTTP header: visible ASCII.
    Header,
    /// Any text.
    Text,
    /// 32 bytes as unpadded base64url, or the agent backend crashes.
    Base64Url32,
}

/// One key of an installation.
#[derive(Debug)]
pub(crate) struct Key {
    /// The data key in the Secret, which is the name under which the api reads it where it does.
    pub(crate) name: &'static str,
    pub(crate) form: Form,
    /// The other names under which the very same value is held.
    pub(crate) twins: &'static [&'static str],
    /// SHA-256 of the values that everybody can read in Dify's repository. Hashes, so that those values do
    /// not lie about in this one too.
    published: &'static [&'static str],
    /// What breaks without it.
    pub(crate) use_of_it: &'static str,
    /// Whether an empty value is a way to say "no check at all", and not a fault.
    pub(crate) may_be_empty: bool,
    /// Whether `check` wants it without being asked by `--key`.
    pub(crate) needed: bool,
}

/// All keys that can be made.
pub(crate) const KEYS: [Key; 9] = [
    Key {
        name: "SECRET_KEY",
        form: Form::Text,
        twins: &[],
        published: &["0f44b34c6311bcb547867d393c1c56e6564e03d905fdd023637f549358bf3670"],
        use_of_it: "sessions, signed file URLs and tool credentials",
        may_be_empty: false,
        needed: true,
    },
    Key {
        name: "PLUGIN_DAEMON_KEY",
        form: Form::Header,
        twins: &["SERVER_KEY", "DIFY_AGENT_PLUGIN_DAEMON_API_KEY"],
        published: &[
            "481c0ab8a6f9e9dcb9391fb1c8b649d19f493c5253e4dc20c2c32ec21875b8ab",
            "09d69f20c13599cac514a17e2d79b38b9d8b6cda649b9c3254fbea2696e5dbb6",
        ],
        use_of_it: "the api's calls to the plugin daemon",
        may_be_empty: false,
        needed: true,
    },
    Key {
        name: "INNER_API_KEY_FOR_PLUGIN",
        form: Form::Header,
        twins: &["DIFY_INNER_API_KEY", "PLUGIN_DIFY_INNER_API_KEY", "DIFY_AGENT_INNER_API_KEY"],
        published: &[
            "217ef27f7b2a2f8949eb2e0973f7dfa099f887427b9a6626b2395e2417239ff2",
            "3bb61b8cf1620d588b72b212207ac5ac597b4d49ad7eae367f98b776c30ee8ab",
        ],
        use_of_it: "the plugin daemon's calls back to the api",
        may_be_empty: false,
        needed: true,
    },
    Key {
        name: "CODE_EXECUTION_API_KEY",
        form: Form::Header,
        // The sandbox itself reads API_KEY, a name too common to be compared.
        twins: &["SANDBOX_API_KEY"],
        published: &["a4b744973756871c1d844ccf4a34d21170bf2e6a54ee13af60c4395a632cdca2"],
        use_of_it: "the calls of api and worker to the sandbox",
        may_be_empty: false,
        needed: true,
    },
    Key {
        name: "AGENT_BACKEND_API_TOKEN",
        form: Form::Header,
        twins: &["DIFY_AGENT_API_TOKEN"],
        published: &["d20e53c9faaded8b7a467e32f3dcfa2b20547c7d389484a69c9bc57189fa7f68"],
        use_of_it: "the api's calls to the agent backend",
        may_be_empty: false,
        needed: false,
    },
    Key {
        name: "DIFY_AGENT_SERVER_SECRET_KEY",
        form: Form::Base64Url32,
        twins: &[],
        published: &["942083283953abc6c18f0655475f4d402a9a705af3261384a333b48738cf671a"],
        use_of_it: "the agent backend's own tokens",
        may_be_empty: false,
        needed: false,
    },
    Key {
        name: "SHELLCTL_AUTH_TOKEN",
        form: Form::Header,
        twins: &["DIFY_AGENT_SHELLCTL_AUTH_TOKEN", "DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN"],
        published: &[],
        use_of_it: "the agent backend's calls to the local sandbox",
        may_be_empty: true,
        needed: false,
    },
    Key {
        name: "DB_PASSWORD",
        form: Form::Text,
        twins: &["POSTGRES_PASSWORD"],
        published: &["b8ba9c61cc9ff699c426c75e748fcf200e8b47869d76fde8bb36ec2f7a34f038"],
        use_of_it: "the database",
        may_be_empty: false,
        needed: false,
    },
    Key {
        name: "REDIS_PASSWORD",
        form: Form::Text,
        twins: &[],
        published: &["b8ba9c61cc9ff699c426c75e748fcf200e8b47869d76fde8bb36ec2f7a34f038"],
        use_of_it: "Redis",
        may_be_empty: true,
        needed: false,
    },
];

impl Key {
    /// What is wrong with a value, without the value.
    pub(crate) fn fault(&self, value: &str) -> Option<Fault> {
        if value.trim().is_empty() {
            return (!self.may_be_empty).then_some(Fault::Empty);
        }
        if self.is_published(value) {
            return Some(Fault::Published);
        }
        let well_formed = match self.form {
            Form::Text => !value.chars().any(char::is_control),
            Form::Header => value.bytes().all(|byte| byte.is_ascii_graphic()),
            Form::Base64Url32 => URL_SAFE_NO_PAD.decode(value).is_ok_and(|bytes| bytes.len() == 32),
        };
        (!well_formed).then_some(Fault::Malformed(match self.form {
            Form::Base64Url32 => "must be 32 bytes as base64url without padding (43 characters)",
            Form::Text => "holds a control character, such as a line break at its end",
            Form::Header => "must be visible ASCII without spaces, as it is sent in a header",
        }))
    }

    fn is_published(&self, value: &str) -> bool {
        let hash = digest::digest(&digest::SHA256, value.as_bytes());
        let hex: String = hash.as_ref().iter().flat_map(|byte| hex(*byte)).collect();
        self.published.contains(&hex.as_str())
    }
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('0'))
}

/// What can be wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Empty,
    Published,
    Malformed(&'static str),
}

/// The keys of these names; all that can be made where none is named.
pub(crate) fn chosen(names: &[String]) -> Result<Vec<&'static Key>, ConfigError> {
    if names.is_empty() {
        return Ok(KEYS.iter().collect());
    }
    let mut keys: Vec<&'static Key> = Vec::new();
    for name in names {
        let key = KEYS.iter().find(|key| key.name == name).ok_or_else(|| {
            let known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
            ConfigError::new("--key", format!("{name:?} is no key that can be made"))
                .hint(format!("use one of {}", known.join(", ")))
        })?;
        if !keys.iter().any(|known| known.name == key.name) {
            keys.push(key);
        }
    }
    Ok(keys)
}
