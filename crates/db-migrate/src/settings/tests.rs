use super::*;

fn settings<const N: usize>(pairs: [(&str, &str); N]) -> Result<Login, ConfigError> {
    application(&Env::of(pairs), "test")
}

fn option(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn key_of<const N: usize>(pairs: [(&str, &str); N]) -> String {
    settings(pairs).map(|settings| settings.target()).unwrap_err().key
}

#[test]
fn defaults_are_those_of_dify() {
    let settings = settings([]).unwrap();
    assert_eq!(settings.target(), "localhost:5432/dify");
    assert_eq!(settings.user, "postgres");
    assert_eq!(settings.tls.mode(), SslMode::Prefer);
    assert_eq!(settings.options, [option("timezone", "UTC")]);
}

#[test]
fn mistakes_are_named_by_their_variable() {
    assert_eq!(key_of([("DB_PORT", "")]), "DB_PORT");
    assert_eq!(key_of([("DB_PORT", "70000")]), "DB_PORT");
    assert_eq!(key_of([("DB_PORT", "0")]), "DB_PORT");
    assert_eq!(key_of([("DB_HOST", "")]), "DB_HOST");
    assert_eq!(key_of([("DB_HOST", "postgres://db")]), "DB_HOST");
    assert_eq!(key_of([("DB_HOST", "::1")]), "DB_HOST");
    assert_eq!(key_of([("DB_USERNAME", " ")]), "DB_USERNAME");
    assert_eq!(key_of([("DB_DATABASE", "")]), "DB_DATABASE");
    assert_eq!(key_of([("DB_DATABASE", "a?b")]), "DB_DATABASE");
    assert_eq!(key_of([("DB_TYPE", "mysql")]), "DB_TYPE");
    assert_eq!(key_of([("DB_TYPE", "sqlite")]), "DB_TYPE");
    for extras in [
        "sslmode=yes",
        "sslmod=require",
        "options=-x",
        "password=p",
        "sslcert=/a",
        "sslmode=require&sslrootcert=/none",
    ] {
        assert!(key_of([("DB_EXTRAS", extras)]).starts_with("DB_EXTRAS"), "{extras}");
    }
    assert_eq!(key_of([("DB_SSL_MODE", "verify-full")]), "DB_SSL_MODE");
}

#[test]
fn other_databases_are_never_ready() {
    for kind in ["mysql", "oceanbase", "seekdb"] {
        let error = settings([("DB_TYPE", kind)]).err().unwrap();
        assert!(error.problem.contains("not supported yet by db-migrate"), "{error}");
    }
}

#[test]
fn tls_is_what_libpq_makes_of_it() {
    let ca = tempfile::NamedTempFile::new().unwrap();
    let certificate = rcgen::generate_simple_self_signed(["ca".to_owned()]).unwrap();
    std::fs::write(ca.path(), certificate.cert.pem()).unwrap();
    let ca = ca.path().display();
    for (extras, mode) in [
        ("sslmode=disable".to_owned(), SslMode::Disable),
        ("sslmode=allow".to_owned(), SslMode::Prefer),
        ("sslmode=require".to_owned(), SslMode::Require),
        (format!("sslmode=require&sslrootcert={ca}"), SslMode::VerifyCa),
        (format!("sslmode=verify-full&sslrootcert={ca}"), SslMode::VerifyFull),
        ("sslmode=verify-full&sslrootcert=system".to_owned(), SslMode::VerifyFull),
    ] {
        let settings = settings([("DB_EXTRAS", &extras)]).unwrap();
        assert_eq!(settings.tls.mode(), mode, "{extras}");
        assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    }
    assert_eq!(settings([("DB_EXTRAS", "sslmode=verify-full")]).unwrap().warnings.len(), 1);
}

#[test]
fn a_ca_file_that_is_none_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "no certificate").unwrap();
    let extras = format!("sslmode=verify-full&sslrootcert={}", file.path().display());
    assert_eq!(key_of([("DB_EXTRAS", &extras)]), "DB_EXTRAS (sslrootcert)");
}

#[test]
fn options_reach_the_server_with_the_time_zone() {
    let extras = "options=-c%20search_path%3Ddify%20--statement-timeout%3D5s";
    let both = settings([("DB_EXTRAS", extras)]).unwrap();
    assert_eq!(
        both.options,
        [option("search_path", "dify"), option("statement_timeout", "5s"), option("timezone", "UTC")]
    );
    let without = settings([("DB_SESSION_TIMEZONE_OVERRIDE", "")]).unwrap();
    assert!(without.options.is_empty());
}

#[test]
fn the_plugin_daemon_has_its_own_dialect() {
    let settings = settings([
        ("DB_SSL_MODE", "require"),
        ("DB_TYPE", "pgbouncer"),
        ("DB_EXTRAS", "-c search_path=plugins"),
    ])
    .unwrap();
    assert_eq!(settings.tls.mode(), SslMode::Require);
    assert_eq!(settings.options, [option("search_path", "plugins")]);
}

#[test]
fn a_space_in_a_credential_is_warned_about() {
    let settings = settings([("DB_PASSWORD", "a b")]).unwrap();
    assert!(settings.warnings[0].starts_with("DB_PASSWORD holds a space"), "{:?}", settings.warnings);
    assert!(!settings.warnings[0].contains("a b"));
}
