//! Connection strings: `DefaultEndpointsProtocol=https;AccountName=dify;AccountKey=...;EndpointSuffix=core.windows.net`.

use std::collections::BTreeMap;

use preflight::{ConfigError, Secret};

/// What a connection string says of blobs.
pub(super) struct Connection {
    pub(super) url: String,
    pub(super) account: String,
    /// In base64.
    pub(super) key: Option<Secret>,
    pub(super) sas: Option<Secret>,
}

/// Takes a connection string apart as the daemon's SDK does.
pub(super) fn parse(variable: &str, text: &str) -> Result<Connection, ConfigError> {
    let wrong = |problem: &str| {
        ConfigError::new(variable, problem)
            .hint("copy the connection string from the storage account's access keys")
    };
    let mut parts = BTreeMap::new();
    for part in text.trim().trim_end_matches(';').split(';') {
        let (name, value) =
            part.split_once('=').ok_or_else(|| wrong("holds a part that is not NAME=VALUE"))?;
        parts.insert(name.trim(), value.trim());
    }
    let get = |name: &str| parts.get(name).copied().filter(|value| !value.is_empty());
    let account = get("AccountName").unwrap_or_default();
    let url = match get("BlobEndpoint") {
        Some(url) => url.to_owned(),
        None if account.is_empty() => return Err(wrong("names neither AccountName nor BlobEndpoint")),
        None => format!(
            "{}://{account}.blob.{}",
            get("DefaultEndpointsProtocol").unwrap_or("https"),
            get("EndpointSuffix").unwrap_or("core.windows.net")
        ),
    };
    let secret = |name: &str| get(name).map(Secret::new);
    let (key, sas) = (secret("AccountKey"), secret("SharedAccessSignature"));
    if key.is_none() && sas.is_none() {
        return Err(wrong("holds neither AccountKey nor SharedAccessSignature"));
    }
    if key.is_some() && account.is_empty() {
        return Err(wrong("holds AccountKey and no AccountName"));
    }
    Ok(Connection { url, account: account.to_owned(), key, sas })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Connection {
        parse("X", text).map_err(|error| error.problem).unwrap()
    }

    fn problem(text: &str) -> String {
        parse("X", text).err().unwrap().problem
    }

    #[test]
    fn the_portal_s_own_form_is_read() {
        let found = parsed(
            "DefaultEndpointsProtocol=https;AccountName=dify;AccountKey=a2V5==;EndpointSuffix=core.chinacloudapi.cn;",
        );
        assert_eq!(found.url, "https://dify.blob.core.chinacloudapi.cn");
        assert_eq!(found.key.unwrap().reveal(), "a2V5==");
        assert!(found.sas.is_none());
    }

    #[test]
    fn an_endpoint_and_a_signature_are_read() {
        let found = parsed("BlobEndpoint=https://h/x;SharedAccessSignature=sv=2021-12-02&sp=rw&sig=a%2Bb%3D");
        assert_eq!(found.url, "https://h/x");
        assert_eq!(found.sas.unwrap().reveal(), "sv=2021-12-02&sp=rw&sig=a%2Bb%3D");
    }

    #[test]
    fn what_the_sdk_would_refuse_is_refused() {
        assert!(problem("").contains("not NAME=VALUE"));
        assert!(problem("AccountName=a;junk").contains("not NAME=VALUE"));
        assert!(problem("AccountKey=b").contains("neither AccountName"));
        assert!(problem("AccountName=a").contains("neither AccountKey"));
        assert!(problem("BlobEndpoint=http://h;AccountKey=b").contains("no AccountName"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = parse("X", &text);
        }
    }
}
