use super::*;

const GOOD: &str = "
apiVersion: v1
kind: Config
current-context: here
contexts:
- name: here
  context: {cluster: c, user: u, namespace: dify}
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:6443
users:
- name: u
  user:
    token: canary-token-5d1e
";

fn read(text: &str) -> Result<Cluster, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    std::fs::write(&path, text).unwrap();
    resolve(&path, &Env::of([]))
}

#[test]
fn the_current_context_is_used() {
    let cluster = read(GOOD).unwrap();
    assert_eq!(cluster.namespace(), "dify");
    assert_eq!(cluster.address(), "127.0.0.1:6443");
    assert!(matches!(cluster.credential, Credential::Token(_)));
}

#[test]
fn what_is_missing_is_named() {
    for (from, to, told) in [
        ("current-context: here", "current-context: there", "no context \"there\""),
        ("cluster: c,", "cluster: d,", "no cluster \"d\""),
        ("user: u,", "user: v,", "no user \"v\""),
        ("https://127", "ftp://127", "unknown scheme"),
        ("token: canary", "client-certificate-data: canary", "is not base64"),
        ("token: canary-token-5d1e", "exec: {command: aws}", "by another program"),
        ("token: canary-token-5d1e", "client-key-data: Y2FuYXJ5", "only one of"),
        ("server: ", "certificate-authority-data: Y2FuYXJ5\n    server: ", "no certificate"),
        ("apiVersion", "\t{apiVersion", "no kubeconfig"),
    ] {
        let error = read(&GOOD.replace(from, to)).err().unwrap();
        assert!(error.to_string().contains(told), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}
