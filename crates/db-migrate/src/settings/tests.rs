use proptest::prelude::*;

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
        "sslmode=verify-ca&sslrootcert=/none",
        "sslmode=require&sslmode=require",
        "target_session_attrs=master",
        "target_session_attrs=standby",
        "host=a,b&port=1",
    ] {
        assert!(key_of([("DB_EXTRAS", extras)]).starts_with("DB_EXTRAS"), "{extras}");
    }
    assert_eq!(key_of([("DB_TYPE", "pgbouncer")]), "DB_TYPE");
    assert_eq!(key_of([("DB_CHARSET", "utf8mb4")]), "DB_CHARSET");
    assert_eq!(key_of([("DB_CHARSET", "utf8"), ("DB_EXTRAS", "client_encoding=utf8")]), "DB_EXTRAS");
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
        ("sslmode=allow".to_owned(), SslMode::Allow),
        ("sslmode=require".to_owned(), SslMode::Require),
        (format!("sslmode=require&sslrootcert={ca}"), SslMode::VerifyCa),
        (format!("sslmode=verify-full&sslrootcert={ca}"), SslMode::VerifyFull),
        ("sslmode=verify-full&sslrootcert=system".to_owned(), SslMode::VerifyFull),
    ] {
        let settings = settings([("DB_EXTRAS", &extras)]).unwrap();
        assert_eq!(settings.tls.mode(), mode, "{extras}");
        assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    }
    assert_eq!(key_of([("DB_EXTRAS", "sslmode=verify-full")]), "DB_EXTRAS");
    let absent = settings([("DB_EXTRAS", "sslmode=require&sslrootcert=/none")]).unwrap();
    assert_eq!(absent.tls.mode(), SslMode::Require);
    assert_eq!(absent.warnings.len(), 1);
    let from_libpq = settings([("PGSSLMODE", "require")]).unwrap();
    assert_eq!(from_libpq.tls.mode(), SslMode::Require);
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
fn a_space_in_a_credential_is_refused_without_being_shown() {
    for key in ["DB_USERNAME", "DB_PASSWORD"] {
        let error = settings([(key, "a b")]).err().unwrap();
        assert_eq!(error.key, key);
        assert!(!error.problem.contains("a b"));
    }
}

#[test]
fn several_hosts_in_both_places() {
    assert_eq!(settings([("DB_HOST", "a,b")]).unwrap().target(), "a:5432,b:5432/dify");
    let extras = "host=a,b&port=1,2&target_session_attrs=read-write";
    let settings = settings([("DB_EXTRAS", extras)]).unwrap();
    assert_eq!(settings.target(), "a:1,b:2/dify");
    assert_eq!(settings.hosts.want, preflight::postgres::Want::ReadWrite);
}

proptest! {
    /// Whatever is given ends in settings or in an error that names a variable.
    #[test]
    fn nothing_that_is_given_is_a_surprise(extras in "[ -~]{0,60}", host in "[ -~]{0,20}", charset in "[ -~]{0,10}") {
        let found = settings([("DB_EXTRAS", &extras), ("DB_HOST", &host), ("DB_CHARSET", &charset)]);
        if let Err(error) = found {
            prop_assert!(error.key.starts_with("DB_"), "{}", error);
        }
    }

    /// What a person puts into `options` is what the server gets.
    #[test]
    fn server_options_are_read_back(name in "[a-z][a-z_]{0,10}", value in "[ -~]{1,20}") {
        let escaped: String = value.chars().flat_map(|c| {
            let special = c.is_whitespace() || c == '\\';
            special.then_some('\\').into_iter().chain([c])
        }).collect();
        let text = format!("-c {name}={escaped}");
        prop_assert_eq!(extras::server_options(&text).unwrap(), [option(&name, &value)]);
    }

    /// Percent-encoding in `DB_EXTRAS` is taken off once.
    #[test]
    fn an_encoded_path_is_read_back(path in "/[ -~]{1,30}") {
        let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let given = format!("sslmode=require&sslrootcert={encoded}");
        let env = Env::of([("DB_EXTRAS", &given)]);
        let found = extras::Extras::from_env(&env).unwrap();
        prop_assert_eq!(found.ca.unwrap().value, path);
    }
}

mod whatever_is_written {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is set as an option of the session is read back, however odd its value.
        #[test]
        fn an_option_is_read_back(name in "[a-z_]{1,12}", value in "[ -~]{0,20}") {
            let escaped: String = value.chars().flat_map(|c| if c == '\\' || c == ' ' { vec!['\\', c] } else { vec![c] }).collect();
            let read = extras::server_options(&format!("-c {name}={escaped}")).unwrap();
            prop_assert_eq!(read, vec![(name, value)]);
        }

        /// Any text is read or refused by name, and a password in it is in nothing that is said.
        #[test]
        fn extras_are_read_or_refused(text in "[ -~]{0,60}") {
            let extras = format!("{text}&password=canary-of-extras");
            if let Err(error) = application(&Env::of([("DB_EXTRAS", extras.as_str())]), "test") {
                prop_assert!(!error.to_string().contains("canary-of-extras"), "{}", error);
            }
        }

        /// Hosts and ports are read or refused, and no port is ever 0.
        #[test]
        fn hosts_are_read_or_refused(host in "[a-z0-9.:,\\[\\]/@-]{0,30}", port in "[0-9,]{0,12}") {
            let extras = format!("host={host}&port={port}");
            if let Ok(login) = application(&Env::of([("DB_EXTRAS", extras.as_str())]), "test") {
                prop_assert!(login.addresses().all(|address| address.port != 0 && !address.host.is_empty()));
            }
        }
    }
}
