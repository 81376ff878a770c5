use super::*;
use crate::stores::Store as _;

type Pair = (&'static str, &'static str);

const API: [Pair; 3] = [("S3_BUCKET_NAME", "b"), ("S3_ACCESS_KEY", "a"), ("S3_SECRET_KEY", "s")];
const DAEMON: [Pair; 3] =
    [("PLUGIN_STORAGE_OSS_BUCKET", "plugins"), ("AWS_ACCESS_KEY", "a"), ("AWS_SECRET_KEY", "s")];

fn with(base: [Pair; 3], extra: &[Pair]) -> Env {
    let mut pairs = [("", ""); 8];
    pairs[..3].copy_from_slice(&base);
    pairs[3..3 + extra.len()].copy_from_slice(extra);
    Env::of(pairs)
}

#[test]
fn what_crashes_dify_is_refused() {
    for (key, value) in [
        ("S3_ENDPOINT", ""),
        ("S3_ENDPOINT", "minio:9000"),
        ("S3_ENDPOINT", "ftp://minio"),
        ("S3_ADDRESS_STYLE", "dns"),
        ("S3_USE_AWS_MANAGED_IAM", ""),
        ("AWS_CA_BUNDLE", "/nowhere/ca.pem"),
    ] {
        assert_eq!(api(&with(API, &[(key, value)])).err().unwrap().key, key, "{value:?}");
    }
}

#[test]
fn the_address_style_follows_botocore() {
    for (endpoint, style, shown) in [
        ("http://rgw:80", "auto", "s3://b at rgw:80"),
        ("http://rgw:80", "path", "s3://b at rgw:80"),
        ("http://rgw:80", "virtual", "s3://b at b.rgw:80"),
    ] {
        let store = api(&with(API, &[("S3_ENDPOINT", endpoint), ("S3_ADDRESS_STYLE", style)])).unwrap();
        assert_eq!(store.target(), shown, "{style}");
    }
    let aws = api(&with(API, &[("S3_REGION", "eu-west-1")])).unwrap();
    assert_eq!(aws.target(), "s3://b at b.s3.eu-west-1.amazonaws.com:443");
}

#[test]
fn a_server_of_ones_own_needs_its_endpoint() {
    assert_eq!(daemon(&with(DAEMON, &[("S3_USE_AWS", "false")])).err().unwrap().key, "S3_ENDPOINT");
}

#[test]
fn the_path_style_is_the_default_for_a_server_of_ones_own() {
    let own = [("S3_USE_AWS", "false"), ("S3_ENDPOINT", "http://rgw")];
    assert_eq!(daemon(&with(DAEMON, &own)).unwrap().target(), "s3://plugins at rgw:80");
    let virtual_host = [own[0], own[1], ("S3_USE_PATH_STYLE", "false")];
    assert_eq!(daemon(&with(DAEMON, &virtual_host)).unwrap().target(), "s3://plugins at plugins.rgw:80");
}
