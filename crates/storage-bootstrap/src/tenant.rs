//! Workspaces ("tenants"), whose private keys Dify keeps in the store and nowhere else.

use preflight::{ConfigError, Env};

const KEY: &str = "PREFLIGHT_TENANTS";

/// The id of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tenant(String);

impl Tenant {
    /// Those of the command line, or else those of the environment.
    pub(crate) fn all(given: &[String], env: &Env) -> Result<Vec<Self>, ConfigError> {
        if !given.is_empty() {
            return given.iter().map(|id| Self::new("--tenant", id)).collect();
        }
        let listed = env.text_or(KEY, "")?;
        let ids = listed.split([',', ' ', '\n']).filter(|id| !id.is_empty());
        ids.map(|id| Self::new(KEY, id)).collect()
    }

    fn new(key: &str, id: &str) -> Result<Self, ConfigError> {
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        let is_hex = id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if lengths != [8, 4, 4, 4, 12] || !is_hex {
            return Err(ConfigError::new(key, format!("{id:?} is no id of a workspace"))
                .hint("give what SELECT id FROM tenants gives, with commas between"));
        }
        Ok(Self(id.to_ascii_lowercase()))
    }

    pub(crate) fn id(&self) -> &str {
        &self.0
    }

    /// Where Dify keeps the private key.
    pub(crate) fn object(&self) -> String {
        format!("privkeys/{}/private.pem", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0A1b2c3d-0000-4000-8000-000000000001";

    #[test]
    fn ids_come_from_the_command_line_or_the_environment() {
        let env =
            Env::of([(KEY, "0a1b2c3d-0000-4000-8000-000000000001, 0a1b2c3d-0000-4000-8000-000000000002")]);
        assert_eq!(Tenant::all(&[], &env).unwrap().len(), 2);
        let given = Tenant::all(&[ID.to_owned()], &env).unwrap();
        assert_eq!(given[0].object(), "privkeys/0a1b2c3d-0000-4000-8000-000000000001/private.pem");
    }

    proptest::proptest! {
        #[test]
        fn nothing_else_is_an_id(text in ".*", rest in "[/.a-z0-9-]{0,40}") {
            for id in [text, rest] {
                if let Ok(tenant) = Tenant::new(KEY, &id) {
                    assert_eq!(tenant.id().len(), 36);
                    assert!(!tenant.object().contains(".."));
                }
            }
        }
    }
}
