#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of OSS, COS, OBS, TOS and BOS, which cannot be had here. Stand-ins compute each request's signature anew from
//! the vendors' documents and answer as those say: this proves how the tool speaks and reads, and nothing of the servers.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{owned, seen, tool, with_hosts};
use testbed::minio::Minio;
use testbed::recorded::RecordedHttp;
use testbed::recorded_store::{ID, Mood, RecordedStore, SECRET, Vendor};
use testbed::{Seen, Tool, prove};

type Variables = Vec<(&'static str, String)>;

fn oss(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "aliyun-oss"),
        ("ALIYUN_OSS_ENDPOINT", url),
        ("ALIYUN_OSS_BUCKET_NAME", "dify"),
        ("ALIYUN_OSS_ACCESS_KEY", ID),
        ("ALIYUN_OSS_SECRET_KEY", SECRET),
        ("ALIYUN_OSS_AUTH_VERSION", "v4"),
        ("ALIYUN_OSS_REGION", "cn-hangzhou"),
        ("ALIYUN_OSS_PATH", "some/folder"),
    ])
}

fn oss_daemon(url: &str) -> Variables {
    owned(&[
        ("PLUGIN_STORAGE_TYPE", "aliyun_oss"),
        ("PLUGIN_STORAGE_OSS_BUCKET", "dify"),
        ("ALIYUN_OSS_ENDPOINT", url),
        ("ALIYUN_OSS_ACCESS_KEY_ID", ID),
        ("ALIYUN_OSS_ACCESS_KEY_SECRET", SECRET),
        ("ALIYUN_OSS_REGION", "cn-hangzhou"),
    ])
}

fn cos(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "tencent-cos"),
        ("TENCENT_COS_BUCKET_NAME", "dify"),
        ("TENCENT_COS_SECRET_ID", ID),
        ("TENCENT_COS_SECRET_KEY", SECRET),
        ("TENCENT_COS_SCHEME", "http"),
        ("TENCENT_COS_CUSTOM_DOMAIN", url.trim_start_matches("http://")),
    ])
}

fn cos_daemon(url: &str) -> Variables {
    owned(&[
        ("PLUGIN_STORAGE_TYPE", "tencent_cos"),
        ("PLUGIN_STORAGE_OSS_BUCKET", "dify"),
        ("TENCENT_COS_SECRET_ID", ID),
        ("TENCENT_COS_SECRET_KEY", SECRET),
        ("TENCENT_COS_REGION", "ap-guangzhou"),
        ("TENCENT_COS_ENDPOINT", url),
    ])
}

fn obs(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "huawei-obs"),
        ("HUAWEI_OBS_BUCKET_NAME", "dify"),
        ("HUAWEI_OBS_ACCESS_KEY", ID),
        ("HUAWEI_OBS_SECRET_KEY", SECRET),
        ("HUAWEI_OBS_SERVER", url),
    ])
}

fn tos(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "volcengine-tos"),
        ("VOLCENGINE_TOS_BUCKET_NAME", "dify"),
        ("VOLCENGINE_TOS_ACCESS_KEY", ID),
        ("VOLCENGINE_TOS_SECRET_KEY", SECRET),
        ("VOLCENGINE_TOS_ENDPOINT", url),
        ("VOLCENGINE_TOS_REGION", "cn-beijing"),
    ])
}

fn bos(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "baidu-obs"),
        ("BAIDU_OBS_BUCKET_NAME", "dify"),
        ("BAIDU_OBS_ACCESS_KEY", ID),
        ("BAIDU_OBS_SECRET_KEY", SECRET),
        ("BAIDU_OBS_ENDPOINT", url),
    ])
}

/// A way to set a store up: its variables for a URL.
type Setup = fn(&str) -> Variables;

fn run(verb: &str, variables: Variables) -> Tool {
    let is_daemon = variables.iter().any(|(name, _)| *name == "PLUGIN_STORAGE_TYPE");
    let tool = tool(verb).env("PREFLIGHT_GRACE", "0s").env("PREFLIGHT_DEADLINE", "3s").envs(variables);
    if is_daemon { tool.args(["--for", "daemon"]) } else { tool }
}

/// One run against a stand-in, with some variables changed.
fn told(verb: &str, vendor: Vendor, setup: Setup, mood: Mood, changes: &[(&'static str, &str)]) -> Seen {
    let store = RecordedStore::start(vendor, mood);
    seen(run(verb, setup(&store.url())).envs(owned(changes)))
}

/// With the bucket in the host name.
fn by_name(vendor: Vendor, setup: Setup) -> Seen {
    let store = RecordedStore::start(vendor, Mood::ready());
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, "127.0.0.1 dify.store.test\n").unwrap();
    let url = format!("http://store.test:{}", store.port());
    let seen = seen(with_hosts(&hosts, "check").env("PREFLIGHT_GRACE", "0s").envs(setup(&url)));
    assert!(store.requests().iter().all(|request| !request.path.contains("/dify/")));
    seen
}

const DENIED: &str = "Access Denied.";

#[test]
fn recorded_oss() {
    let oss_of = |verb: &str, mood: Mood| told(verb, Vendor::Oss, oss, mood, &[]);
    let ready = || Mood::ready();
    prove!("oss/ready", &oss_of("check", ready()));
    prove!("oss/v1-ready", &told("check", Vendor::Oss, oss, ready(), &[("ALIYUN_OSS_AUTH_VERSION", "v1")]));
    prove!("oss/daemon-ready", &told("check", Vendor::Oss, oss_daemon, ready(), &[]));
    prove!(
        "oss/cloud-box-ready",
        &told("check", Vendor::Oss, oss, ready(), &[("ALIYUN_CLOUDBOX_ID", "cb-1")])
    );
    prove!("oss/name-ready", &by_name(Vendor::Oss, oss));
    let opendal = [
        ("STORAGE_TYPE", "opendal"),
        ("OPENDAL_SCHEME", "oss"),
        ("OPENDAL_OSS_BUCKET", "dify"),
        ("OPENDAL_OSS_ROOT", "/a"),
        ("OPENDAL_OSS_ACCESS_KEY_ID", ID),
        ("OPENDAL_OSS_ACCESS_KEY_SECRET", SECRET),
    ];
    let store = RecordedStore::start(Vendor::Oss, ready());
    let through = run("check", owned(&opendal)).env("OPENDAL_OSS_ENDPOINT", store.url());
    prove!("oss/opendal-ready", &seen(through));
    let broken =
        [("ALIYUN_OSS_ACCESS_KEY", format!("{ID}\n")), ("ALIYUN_OSS_SECRET_KEY", format!(" {SECRET} "))];
    let broken = broken.each_ref().map(|(name, value)| (*name, value.as_str()));
    prove!("oss/line-break-ready", &told("check", Vendor::Oss, oss, ready(), &broken));
    prove!("oss/missing", &oss_of("check", Mood::default()));
    prove!("oss/made", &oss_of("ensure", Mood::default()));
    prove!(
        "oss/unknown-key",
        &told("check", Vendor::Oss, oss, ready(), &[("ALIYUN_OSS_ACCESS_KEY", "AKIDother")])
    );
    prove!(
        "oss/wrong-secret",
        &told("check", Vendor::Oss, oss, ready(), &[("ALIYUN_OSS_SECRET_KEY", "wrong-secret")])
    );
    prove!("oss/clock", &oss_of("check", Mood { clock: 3600, ..ready() }));
    let acl = "You have no right to access this object because of bucket acl.";
    prove!("oss/may-not-write", &oss_of("check", ready().refuse("PUT object", 403, "AccessDenied", acl)));
    prove!("oss/may-not-delete", &oss_of("check", ready().refuse("DELETE object", 403, "AccessDenied", acl)));
    prove!("oss/may-not-list", &oss_of("check", ready().refuse("GET bucket", 403, "AccessDenied", acl)));
    let endpoint = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send \
                    all future requests to this endpoint.</Message><Endpoint>oss-cn-shanghai.aliyuncs.com</Endpoint><Message>";
    prove!("oss/other-endpoint", &oss_of("check", ready().refuse_all(403, "AccessDenied", endpoint)));
    let region = "Invalid signing region in Authorization header.";
    prove!("oss/other-region", &oss_of("check", ready().refuse_all(400, "InvalidArgument", region)));
    let style = "The bucket you are attempting to access must be addressed using OSS third level domain.";
    prove!("oss/path-style", &oss_of("check", ready().refuse_all(403, "SecondLevelDomainForbidden", style)));
    let taken = "The requested bucket name is not available. The bucket namespace is shared by all users of the system.";
    prove!(
        "oss/foreign",
        &oss_of("ensure", Mood::default().refuse("PUT bucket", 409, "BucketAlreadyExists", taken))
    );
    prove!("oss/disabled", &oss_of("check", ready().refuse_all(403, "UserDisable", "UserDisable")));
    let worm = "The object you specified is immutable.";
    prove!("oss/worm", &oss_of("check", ready().refuse("DELETE object", 409, "FileImmutable", worm)));
    let qps = "Please reduce your request rate.";
    prove!("oss/throttled", &oss_of("check", ready().refuse_all(503, "QpsLimitExceeded", qps)));
    let internal = "Please contact the server administrator, oss@service.aliyun.com.";
    prove!("oss/internal-error", &oss_of("check", ready().refuse_all(500, "InternalError", internal)));
    prove!("oss/gateway", &oss_of("check", ready().refuse_all(502, "", "<html>Bad Gateway</html>")));
    prove!("oss/web-page", &oss_of("check", ready().refuse_all(200, "", "<html>hello</html>")));
}

#[test]
fn what_the_configuration_cannot_be() {
    let with = |setup: Setup, url: &str, changes: &[(&'static str, &str)]| {
        seen(run("check", setup(url)).envs(owned(changes)))
    };
    let url = "http://oss-cn-hangzhou.aliyuncs.com";
    prove!("oss/no-region", &with(oss, url, &[("ALIYUN_OSS_REGION", "")]));
    prove!("oss/region-is-endpoint", &with(oss, url, &[("ALIYUN_OSS_REGION", "oss-cn-hangzhou")]));
    prove!("oss/endpoint-with-bucket", &with(oss, "https://dify.oss-cn-hangzhou.aliyuncs.com", &[]));
    let region = [("TENCENT_COS_CUSTOM_DOMAIN", ""), ("TENCENT_COS_REGION", "ap guangzhou")];
    prove!("cos/no-region", &with(cos, "", &region));
    prove!("tos/s3-endpoint", &with(tos, "tos-s3-cn-beijing.volces.com", &[]));
    prove!("tos/no-region", &with(tos, "tos-cn-beijing.volces.com", &[("VOLCENGINE_TOS_REGION", "")]));
    let broken = format!("{SECRET}\n");
    prove!("cos/line-break", &with(cos, "h", &[("TENCENT_COS_SECRET_KEY", &broken)]));
    prove!("bos/daemon", &seen(run("check", owned(&[("PLUGIN_STORAGE_TYPE", "baidu_bos")]))));
    prove!("obs/endpoint-with-path", &with(obs, "https://obs.cn-north-4.myhuaweicloud.com/dify", &[]));
}

fn opendal_cos(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "opendal"),
        ("OPENDAL_SCHEME", "cos"),
        ("OPENDAL_COS_BUCKET", "dify"),
        ("OPENDAL_COS_ENDPOINT", url),
        ("OPENDAL_COS_ROOT", "/a/"),
        ("OPENDAL_COS_SECRET_ID", ID),
        ("OPENDAL_COS_SECRET_KEY", SECRET),
    ])
}

fn opendal_obs(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "opendal"),
        ("OPENDAL_SCHEME", "obs"),
        ("OPENDAL_OBS_BUCKET", "dify"),
        ("OPENDAL_OBS_ENDPOINT", url),
        ("OPENDAL_OBS_ACCESS_KEY_ID", ID),
        ("OPENDAL_OBS_SECRET_ACCESS_KEY", SECRET),
    ])
}

fn opendal_tos(url: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "opendal"),
        ("OPENDAL_SCHEME", "tos"),
        ("OPENDAL_TOS_BUCKET", "dify"),
        ("OPENDAL_TOS_ENDPOINT", url),
        ("OPENDAL_TOS_REGION", "cn-beijing"),
        ("OPENDAL_TOS_ACCESS_KEY_ID", ID),
        ("OPENDAL_TOS_SECRET_ACCESS_KEY", SECRET),
    ])
}

#[test]
fn recorded_through_opendal() {
    prove!("cos/opendal-ready", &by_name(Vendor::Cos, opendal_cos));
    prove!("obs/opendal-ready", &by_name(Vendor::Obs, opendal_obs));
    prove!("tos/opendal-ready", &by_name(Vendor::Tos, opendal_tos));
}

#[test]
fn recorded_cos() {
    let cos_of = |verb: &str, mood: Mood| told(verb, Vendor::Cos, cos, mood, &[]);
    let ready = || Mood::ready();
    prove!("cos/ready", &cos_of("check", ready()));
    prove!("cos/daemon-ready", &told("check", Vendor::Cos, cos_daemon, ready(), &[]));
    prove!("cos/missing", &cos_of("check", Mood::default()));
    prove!("cos/made", &cos_of("ensure", Mood::default()));
    prove!(
        "cos/unknown-key",
        &told("check", Vendor::Cos, cos, ready(), &[("TENCENT_COS_SECRET_ID", "AKIDother")])
    );
    prove!(
        "cos/wrong-secret",
        &told("check", Vendor::Cos, cos, ready(), &[("TENCENT_COS_SECRET_KEY", "wrong-secret")])
    );
    prove!("cos/clock", &cos_of("check", Mood { clock: -3600, ..ready() }));
    prove!("cos/may-not-write", &cos_of("check", ready().refuse("PUT object", 403, "AccessDenied", DENIED)));
    prove!(
        "cos/may-not-delete",
        &cos_of("check", ready().refuse("DELETE object", 403, "AccessDenied", DENIED))
    );
    let head = ready().refuse("HEAD bucket", 403, "AccessDenied", DENIED);
    prove!("cos/daemon-may-not-look", &told("check", Vendor::Cos, cos_daemon, head, &[]));
    let style = "Path style domain is forbidden for this bucket.";
    prove!("cos/path-style", &cos_of("check", ready().refuse_all(403, "PathStyleDomainForbidden", style)));
    let taken = "The requested bucket name is not available.";
    prove!(
        "cos/foreign",
        &cos_of("ensure", Mood::default().refuse("PUT bucket", 409, "BucketAlreadyExists", taken))
    );
    let arrears = "Your account is in arrears.";
    prove!("cos/arrears", &cos_of("check", ready().refuse_all(451, "UnavailableForLegalReasons", arrears)));
    prove!(
        "cos/throttled",
        &cos_of("check", ready().refuse_all(503, "SlowDown", "Please reduce your request rate."))
    );
    prove!("cos/internal-error", &cos_of("check", ready().refuse_all(500, "InternalError", "Please retry.")));
}

#[test]
fn recorded_obs() {
    let obs_of = |verb: &str, mood: Mood| told(verb, Vendor::Obs, obs, mood, &[]);
    let ready = || Mood::ready();
    prove!("obs/ready", &by_name(Vendor::Obs, obs));
    prove!("obs/path-style-ready", &obs_of("check", ready()));
    let daemon = [("PLUGIN_STORAGE_TYPE", "huawei_obs"), ("PLUGIN_STORAGE_OSS_BUCKET", "dify")];
    let store = RecordedStore::start(Vendor::Obs, ready());
    let as_daemon = run("check", obs(&store.url())).args(["--for", "daemon"]).envs(owned(&daemon));
    prove!("obs/daemon-ready", &seen(as_daemon));
    prove!("obs/missing", &obs_of("check", Mood::default()));
    prove!("obs/made", &obs_of("ensure", Mood::default()));
    prove!(
        "obs/unknown-key",
        &told("check", Vendor::Obs, obs, ready(), &[("HUAWEI_OBS_ACCESS_KEY", "AKIDother")])
    );
    prove!(
        "obs/wrong-secret",
        &told("check", Vendor::Obs, obs, ready(), &[("HUAWEI_OBS_SECRET_KEY", "wrong-secret")])
    );
    prove!("obs/clock", &obs_of("check", Mood { clock: 3600, ..ready() }));
    prove!("obs/may-not-write", &obs_of("check", ready().refuse("PUT object", 403, "AccessDenied", DENIED)));
    prove!(
        "obs/may-not-delete",
        &obs_of("check", ready().refuse("DELETE object", 403, "AccessDenied", DENIED))
    );
    let name = "Virtual host domain is required.";
    prove!("obs/style", &obs_of("check", ready().refuse_all(405, "VirtualHostDomainRequired", name)));
    let full = "Insufficient storage space.";
    prove!(
        "obs/quota",
        &obs_of("check", ready().refuse("PUT object", 403, "InsufficientStorageSpace", full))
    );
    let arrears = "The account is in arrears or its balance is not sufficient.";
    prove!(
        "obs/arrears",
        &obs_of("check", ready().refuse_all(403, "InArrearOrInsufficientBalance", arrears))
    );
    let taken = "The requested bucket name is not available.";
    prove!(
        "obs/foreign",
        &obs_of("ensure", Mood::default().refuse("PUT bucket", 409, "BucketAlreadyExists", taken))
    );
    prove!(
        "obs/busy",
        &obs_of("check", ready().refuse_all(503, "ServiceUnavailable", "Reduce your request rate."))
    );
}

#[test]
fn recorded_tos() {
    let tos_of = |verb: &str, mood: Mood| told(verb, Vendor::Tos, tos, mood, &[]);
    let ready = || Mood::ready();
    prove!("tos/ready", &by_name(Vendor::Tos, tos));
    let daemon = [("PLUGIN_STORAGE_TYPE", "volcengine_tos"), ("PLUGIN_STORAGE_OSS_BUCKET", "dify")];
    let store = RecordedStore::start(Vendor::Tos, ready());
    let as_daemon = run("check", tos(&store.url())).args(["--for", "daemon"]).envs(owned(&daemon));
    prove!("tos/daemon-ready", &seen(as_daemon));
    prove!("tos/missing", &tos_of("check", Mood::default()));
    prove!("tos/made", &tos_of("ensure", Mood::default()));
    prove!(
        "tos/unknown-key",
        &told("check", Vendor::Tos, tos, ready(), &[("VOLCENGINE_TOS_ACCESS_KEY", "AKIDother")])
    );
    prove!(
        "tos/wrong-secret",
        &told("check", Vendor::Tos, tos, ready(), &[("VOLCENGINE_TOS_SECRET_KEY", "wrong-secret")])
    );
    prove!("tos/clock", &tos_of("check", Mood { clock: 3600, ..ready() }));
    prove!("tos/may-not-write", &tos_of("check", ready().refuse("PUT object", 403, "AccessDenied", DENIED)));
    prove!(
        "tos/may-not-delete",
        &tos_of("check", ready().refuse("DELETE object", 403, "AccessDenied", DENIED))
    );
    let region = "The region in the credential is wrong.";
    prove!("tos/other-region", &tos_of("check", ready().refuse_all(400, "InvalidCredential", region)));
    let qps = "The QPS limit of the account is exceeded.";
    prove!("tos/throttled", &tos_of("check", ready().refuse_all(429, "ExceedAccountQPSLimit", qps)));
    let taken = "The requested bucket name is not available.";
    prove!(
        "tos/foreign",
        &tos_of("ensure", Mood::default().refuse("PUT bucket", 409, "BucketAlreadyExists", taken))
    );
    prove!("tos/internal-error", &tos_of("check", ready().refuse_all(500, "InternalError", "Please retry.")));
}

#[test]
fn recorded_bos() {
    let bos_of = |verb: &str, mood: Mood| told(verb, Vendor::Bos, bos, mood, &[]);
    let ready = || Mood::ready();
    prove!("bos/ready", &bos_of("check", ready()));
    prove!("bos/missing", &bos_of("check", Mood::default()));
    prove!("bos/made", &bos_of("ensure", Mood::default()));
    prove!(
        "bos/unknown-key",
        &told("check", Vendor::Bos, bos, ready(), &[("BAIDU_OBS_ACCESS_KEY", "AKIDother")])
    );
    prove!(
        "bos/wrong-secret",
        &told("check", Vendor::Bos, bos, ready(), &[("BAIDU_OBS_SECRET_KEY", "wrong-secret")])
    );
    prove!("bos/clock", &bos_of("check", Mood { clock: 3600, ..ready() }));
    prove!("bos/may-not-write", &bos_of("check", ready().refuse("PUT object", 403, "AccessDenied", DENIED)));
    let overdue = "Your request is denied because there is an overdue bill of your account.";
    prove!("bos/overdue", &bos_of("check", ready().refuse_all(403, "AccountOverdue", overdue)));
    let taken = "The requested bucket name is not available.";
    prove!(
        "bos/foreign",
        &bos_of("ensure", Mood::default().refuse("PUT bucket", 409, "BucketAlreadyExists", taken))
    );
    prove!("bos/internal-error", &bos_of("check", ready().refuse_all(500, "InternalError", "Please retry.")));
}

fn oci(endpoint: &str) -> Variables {
    owned(&[
        ("STORAGE_TYPE", "oci-storage"),
        ("OCI_ENDPOINT", endpoint),
        ("OCI_REGION", "us-east-1"),
        ("OCI_BUCKET_NAME", "dify"),
        ("OCI_ACCESS_KEY", testbed::s3::ACCESS_KEY),
        ("OCI_SECRET_KEY", testbed::s3::SECRET_KEY),
    ])
}

/// Oracle's store speaks S3; `MinIO` stands in for it.
#[test]
fn recorded_oci() {
    let server = Minio::start();
    let oci_of = |verb: &str, changes: &[(&'static str, &str)]| {
        seen(run(verb, oci(&server.endpoint())).envs(owned(changes)))
    };
    prove!("oci/missing", &oci_of("check", &[]));
    prove!("oci/made", &oci_of("ensure", &[]));
    prove!("oci/ready", &oci_of("check", &[]));
    prove!("oci/unknown-key", &oci_of("check", &[("OCI_ACCESS_KEY", "NOSUCHKEY")]));
    prove!("oci/wrong-secret", &oci_of("check", &[("OCI_SECRET_KEY", "wrong-secret")]));
    let native = [("OCI_ENDPOINT", "https://objectstorage.eu-frankfurt-1.oraclecloud.com")];
    prove!("oci/native-endpoint", &oci_of("check", &native));
    prove!("oci/no-endpoint", &oci_of("check", &[("OCI_ENDPOINT", "")]));
}

/// One run against a bucket that keeps versions; how much is left after it.
fn versioned(vendor: Vendor, setup: Setup, changes: &[(&'static str, &str)]) -> (Seen, usize) {
    let store = RecordedStore::start(vendor, Mood { versioned: true, ..Mood::ready() });
    let seen = seen(run("check", setup(&store.url())).envs(owned(changes)));
    (seen, store.left())
}

#[test]
fn recorded_a_bucket_that_keeps_versions_keeps_none_of_ours() {
    for (vendor, setup, changes) in [
        (Vendor::Oss, oss as Setup, vec![]),
        (Vendor::Oss, oss, vec![("ALIYUN_OSS_AUTH_VERSION", "v1")]),
        (Vendor::Cos, cos, vec![]),
        (Vendor::Obs, obs, vec![]),
        (Vendor::Tos, tos, vec![]),
        (Vendor::Bos, bos, vec![]),
    ] {
        let (seen, left) = versioned(vendor, setup, &changes);
        seen.expect_ready(&["written to, read from and deleted from"]);
        assert_eq!((left, seen.warnings.len()), (0, 0), "{vendor:?}: {seen:#?}");
    }
    let mood = Mood { versioned: true, ..Mood::ready() };
    let mood = mood.refuse("DELETE version", 403, "AccessDenied", DENIED);
    prove!("oss/versions-stay", &told("check", Vendor::Oss, oss, mood, &[]));
}

/// The stand-ins are no better than their authors: here the vendors' own SDKs speak to them.
#[test]
fn the_stand_ins_take_what_the_vendors_own_sdks_send() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/round_trip.py");
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, "127.0.0.1 dify.store.test store.test\n").unwrap();
    for (name, vendor) in [
        ("oss", Vendor::Oss),
        ("oss4", Vendor::Oss),
        ("cos", Vendor::Cos),
        ("obs", Vendor::Obs),
        ("tos", Vendor::Tos),
        ("bos", Vendor::Bos),
    ] {
        let store = RecordedStore::start(vendor, Mood::ready());
        let (url, host) =
            (format!("http://store.test:{}", store.port()), format!("dify.store.test:{}", store.port()));
        let mut python = Command::new("unshare");
        python.args(["--mount", "--propagation", "private", "--", "sh", "-c"]);
        python.arg("mount --bind \"$1\" /etc/hosts && shift && exec python3 \"$@\"").args(["sh"]).arg(&hosts);
        python
            .arg(&script)
            .args([name, &url, &host, ID, SECRET])
            .env("PYTHONPATH", testbed::peer("vendor-sdks"));
        let output = python.current_dir(folder.path()).output().unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        assert_eq!(store.left(), 0, "{name}");
        let wrong = store.requests().into_iter().filter(|request| request.method == "PUT").count();
        assert_eq!(wrong, 1, "{name}: {said}");
    }
}

#[test]
fn no_secret_of_a_vendor_is_seen() {
    // Everything echoes what it was asked.
    let echo = RecordedHttp::start(|request| {
        let mut said = format!("{} {}", request.path, request.body);
        for (name, value) in &request.headers {
            said.push_str(&format!(" {name}: {value}"));
        }
        Vendor::Tos.error(400, "Odd", &said)
    });
    let url = format!("http://127.0.0.1:{}", echo.port);
    for setup in [oss as Setup, oss_daemon, cos, cos_daemon, obs, tos, bos] {
        for more in ["-v", "--print-config", "--output=text"] {
            let run = run("check", setup(&url)).args([more]).run();
            run.expect_no(SECRET);
            run.expect_no(ID);
        }
    }
}
