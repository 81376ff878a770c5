//! Lindorm of Alibaba Cloud, and the search service of Huawei Cloud: both answer as Elasticsearch and `OpenSearch` do.

use preflight::http::Http;
use preflight::tls::{TlsOptions, Verify};
use preflight::{ConfigError, Env, Finding, Secret};

use super::http::{self, Server};
use super::search;
use super::store::Store;

/// One of the two, at one or several addresses.
pub(super) struct Relative {
    name: &'static str,
    servers: Vec<Server>,
}

impl Relative {
    /// Lindorm: one URL, a user and a password.
    pub(super) fn lindorm(env: &Env) -> Result<Self, ConfigError> {
        let (url, user) = (env.required("LINDORM_URL")?, env.required("LINDORM_USERNAME")?);
        let password = env.required_secret("LINDORM_PASSWORD")?;
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        // The client's own default, not that of the scheme.
        let url = if http::names_port(&url) || url.starts_with("https:") {
            url
        } else {
            format!("{}:9200", url.trim_end_matches('/'))
        };
        let server = Server {
            http: Http::new("LINDORM_URL", &url, &TlsOptions::default())?,
            product: "Lindorm",
            header: ("authorization", "Basic "),
            key: Some(http::basic(env, &user, &password)),
            called: "password",
            url_variable: "LINDORM_URL",
            key_variable: "LINDORM_USERNAME and LINDORM_PASSWORD",
        };
        Ok(Self { name: "lindorm", servers: vec![server] })
    }

    /// Huawei Cloud: several URLs, perhaps a user and a password; Dify does not check certificates there.
    pub(super) fn huawei_cloud(env: &Env) -> Result<Self, ConfigError> {
        let name = "HUAWEI_CLOUD_HOSTS";
        let (hosts, user) = (env.required(name)?, env.text_or("HUAWEI_CLOUD_USER", "")?);
        let password = env.secret("HUAWEI_CLOUD_PASSWORD")?.filter(|_| !user.is_empty());
        let tls = TlsOptions { verify: Verify::Nothing, ..TlsOptions::default() };
        let server = |url: &str| {
            if !http::names_port(url) || !url.contains("://") {
                return Err(ConfigError::new(
                    name,
                    "holds an address without a scheme or a port, which Dify's client refuses",
                )
                .hint("write each like https://host:9200, with commas between"));
            }
            Ok(Server {
                http: Http::new(name, url, &tls)?,
                product: "Huawei Cloud Search",
                header: ("authorization", "Basic "),
                key: password.as_ref().map(|password: &Secret| http::basic(env, &user, password)),
                called: "password",
                url_variable: name,
                key_variable: "HUAWEI_CLOUD_USER and HUAWEI_CLOUD_PASSWORD",
            })
        };
        Ok(Self { name: "huawei_cloud", servers: hosts.split(',').map(server).collect::<Result<_, _>>()? })
    }
}

impl Store for Relative {
    fn target(&self) -> String {
        let addresses: Vec<String> =
            self.servers.iter().map(|server| server.http.address().to_string()).collect();
        format!("{} {}", self.name, addresses.join(","))
    }

    async fn look(&mut self) -> Result<Finding, Finding> {
        let mut said = Vec::new();
        for server in &self.servers {
            let (about, _) = search::ask_about(server).await?;
            said.push(format!("{} {} at {}", server.product, about.version, server.http.address()));
        }
        Ok(Finding::ready(format!("{} takes the login", said.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_that_of_difys_client() {
        let of = |url| Env::of([("LINDORM_URL", url), ("LINDORM_USERNAME", "u"), ("LINDORM_PASSWORD", "p")]);
        for (url, expected) in [
            ("http://ld:30070", "lindorm ld:30070"),
            ("ld:30070", "lindorm ld:30070"),
            ("http://ld", "lindorm ld:9200"),
            ("https://ld", "lindorm ld:443"),
        ] {
            assert_eq!(Relative::lindorm(&of(url)).unwrap().target(), expected, "{url}");
        }
        let several = Env::of([("HUAWEI_CLOUD_HOSTS", "http://a:9200,https://b:9201")]);
        assert_eq!(Relative::huawei_cloud(&several).unwrap().target(), "huawei_cloud a:9200,b:9201");
        for hosts in ["", "a:9200", "http://a", "http://a:9200,b"] {
            let env = Env::of([("HUAWEI_CLOUD_HOSTS", hosts)]);
            assert_eq!(Relative::huawei_cloud(&env).err().unwrap().key, "HUAWEI_CLOUD_HOSTS", "{hosts}");
        }
    }
}
