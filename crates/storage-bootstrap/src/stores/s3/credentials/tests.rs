use super::*;

fn of(pairs: &[(&'static str, &'static str)]) -> Result<Source, ConfigError> {
    let mut all = [("", ""); 6];
    all[..pairs.len()].copy_from_slice(pairs);
    Source::of_chain(&Env::of(all), "eu-west-1", &TlsOptions::default())
}

#[test]
fn the_source_is_chosen_as_the_sdks_choose_it() {
    let environment = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let web = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "arn:aws:iam::1:role/x")];
    let pod = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials")];
    let all: Vec<_> = environment.iter().chain(&web).chain(&pod).copied().collect();
    assert!(matches!(of(&all), Ok(Source::Fixed(_))));
    assert!(matches!(of(&all[2..]), Ok(Source::WebIdentity(_))));
    assert!(matches!(of(&pod), Ok(Source::Container(_))));
    assert!(matches!(of(&[]), Ok(Source::Instance(_))));
}

#[test]
fn what_no_sdk_takes_is_refused_by_name() {
    for (pairs, key) in [
        (vec![("AWS_ACCESS_KEY_ID", "a")], "AWS_SECRET_ACCESS_KEY"),
        (vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")], "AWS_ROLE_ARN"),
        (vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "role")], "AWS_ROLE_ARN"),
        (
            vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/x")],
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ),
        (vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", "x")], "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        (vec![("AWS_EC2_METADATA_DISABLED", "true")], "AWS_EC2_METADATA_DISABLED"),
    ] {
        assert_eq!(of(&pairs).err().unwrap().key, key, "{pairs:?}");
    }
}

#[test]
fn a_profile_is_read_from_its_section() {
    let text = "# c\n[default]\naws_access_key_id = a\n\n[profile x]\nAWS_ACCESS_KEY_ID=b=c\n[";
    assert_eq!(profile::section(text, "default").unwrap()["aws_access_key_id"], "a");
    assert_eq!(profile::section(text, "x").unwrap()["aws_access_key_id"], "b=c");
    assert_eq!(profile::section(text, "y"), None);
}

#[test]
fn a_key_has_an_end() {
    let body = r#"{"AccessKeyId":"a","SecretAccessKey":"s","Token":"t","Expiration":"2020-01-01T00:00:00Z"}"#;
    let key = Key::of_json(body).unwrap();
    assert!(!key.is_fresh() && key.token.is_some());
    assert!(Key::of_json(r#"{"Code":"Success"}"#).is_none());
}
