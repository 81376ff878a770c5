#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
//! States of Azure Blob: a real Azurite for what it can be in, documented answers for what only Azure says.

mod common;

use std::fs;
use std::process::Command;

use common::{owned, seen, tool};
use testbed::azurite::{self, ACCOUNT, Azurite, KEY, TENANT, token};
use testbed::recorded::{Answer, RecordedHttp};
use testbed::{Seen, Tool, prove};

/// The api, with some variables changed.
fn api(url: &str, verb: &str, changes: &[(&str, &str)]) -> Seen {
    let tool = tool(verb).env("PREFLIGHT_GRACE", "0s").env("PREFLIGHT_DEADLINE", "3s");
    seen(tool.envs(azurite::variables(url, "dify")).envs(owned(changes)))
}

/// The daemon, with a connection string.
fn daemon(string: &str) -> Seen {
    let variables = [
        ("PLUGIN_STORAGE_TYPE", "azure_blob"),
        ("AZURE_BLOB_STORAGE_CONTAINER_NAME", "dify"),
        ("AZURE_BLOB_STORAGE_CONNECTION_STRING", string),
    ];
    seen(tool("check").args(["--for", "daemon"]).env("PREFLIGHT_GRACE", "0s").envs(owned(&variables)))
}

/// A signature for the account, made by other hands than ours.
fn sas(rights: &str, types: &str, from: &str, until: &str) -> String {
    let script = "import base64, hashlib, hmac, sys, urllib.parse\n\
        account, key, rights, types, start, end = sys.argv[1:]\n\
        text = '\\n'.join([account, rights, 'b', types, start, end, '', '', '2021-06-08', '', ''])\n\
        mac = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()\n\
        print(urllib.parse.urlencode({'sv': '2021-06-08', 'ss': 'b', 'srt': types, 'sp': rights, 'st': start,\n\
            'se': end, 'sig': base64.b64encode(mac).decode()}), end='')";
    let output =
        Command::new("python3").args(["-c", script, ACCOUNT, KEY, rights, types, from, until]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

const LONG_AGO: &str = "2020-01-01T00:00:00Z";
const FAR: &str = "2099-01-01T00:00:00Z";

#[test]
fn a_container_and_an_account_key() {
    let server = Azurite::start();
    let url = server.url();
    prove!("azurite/missing", &api(&url, "check", &[]));
    prove!("azurite/made", &api(&url, "ensure", &[]));
    prove!("azurite/ready", &api(&url, "check", &[]));
    prove!(
        "azurite/wrong-key",
        &api(&url, "check", &[("AZURE_BLOB_ACCOUNT_KEY", "d3Jvbmcga2V5IG9mIG5vYm9keQ==")])
    );
    let other = url.replace(ACCOUNT, "otherstore");
    prove!("azurite/unknown-account", &api(&other, "check", &[("AZURE_BLOB_ACCOUNT_NAME", "otherstore")]));
    prove!("azurite/bad-name", &api(&url, "ensure", &[("AZURE_BLOB_CONTAINER_NAME", "Not_A_Name")]));
    let https = url.replace("http:", "https:");
    prove!("azurite/https-to-http", &api(&https, "check", &[]));

    prove!("azurite/daemon-ready", &daemon(&server.connection_string()));
    let wrong = server.connection_string().replace(KEY, "d3Jvbmcga2V5IG9mIG5vYm9keQ==");
    prove!("azurite/daemon-wrong-key", &daemon(&wrong));
    let signed = |sas: &str| daemon(&format!("BlobEndpoint={url};SharedAccessSignature={sas}"));
    prove!("azurite/sas-ready", &signed(&sas("rwdlac", "sco", LONG_AGO, FAR)));
    prove!("azurite/sas-expired", &signed(&sas("rwdlac", "sco", LONG_AGO, "2020-01-02T00:00:00Z")));
    prove!("azurite/sas-read-only", &signed(&sas("rl", "sco", LONG_AGO, FAR)));
    prove!("azurite/sas-may-not-delete", &signed(&sas("rwlac", "sco", LONG_AGO, FAR)));
    prove!("azurite/sas-objects-only", &signed(&sas("rwdlac", "o", LONG_AGO, FAR)));
    prove!("azurite/sas-wrong", &signed(&sas("rwdlac", "sco", LONG_AGO, FAR).replace("sig=", "sig=AAAA")));

    let opendal = [
        ("STORAGE_TYPE", "opendal"),
        ("OPENDAL_SCHEME", "azblob"),
        ("OPENDAL_AZBLOB_ENDPOINT", url.as_str()),
        ("OPENDAL_AZBLOB_CONTAINER", "dify"),
        ("OPENDAL_AZBLOB_ROOT", "/some/folder/"),
        ("OPENDAL_AZBLOB_ACCOUNT_NAME", ACCOUNT),
        ("OPENDAL_AZBLOB_ACCOUNT_KEY", KEY),
    ];
    prove!("azurite/opendal-ready", &seen(tool("check").envs(owned(&opendal))));

    server.process.signal("STOP");
    prove!("azurite/stopped", &api(&url, "check", &[]));
    server.process.signal("CONT");
    drop(server);
    prove!("azurite/refused", &api(&url, "check", &[]));
}

#[test]
fn what_the_configuration_cannot_be() {
    let url = "http://127.0.0.1:9/x";
    prove!("azure/key-not-base64", &api(url, "check", &[("AZURE_BLOB_ACCOUNT_KEY", "half a key")]));
    prove!("azure/no-url", &api("", "check", &[]));
    prove!("azure/string-without-key", &daemon("AccountName=dify;EndpointSuffix=core.windows.net"));
    prove!("azure/string-of-junk", &daemon("canary"));
    prove!("azure/no-such-account", &api("https://dify-no-such-account.blob.invalid", "check", &[]));
}

/// Entra ID, or the metadata service, in place of the real one.
struct Authority(RecordedHttp);

impl Authority {
    fn says(status: u16, body: &str) -> Self {
        let answer = Answer::new(status, body);
        Self(RecordedHttp::start(move |_| answer.clone()))
    }

    fn gives(token: &str) -> Self {
        let body = serde_json::json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token});
        Self::says(200, &body.to_string())
    }

    fn refuses(code: &str, words: &str) -> Self {
        let body = serde_json::json!({
            "error": "invalid_client",
            "error_description": format!("{code}: {words} Trace ID: 1 Correlation ID: 2 Timestamp: 3"),
        });
        Self::says(400, &body.to_string())
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port)
    }
}

const APPLICATION: &str = "11111111-2222-3333-4444-555555555555";

/// The api with the identity of its pod.
fn managed(url: &str) -> Tool {
    tool("check")
        .env("PREFLIGHT_GRACE", "0s")
        .env("PREFLIGHT_DEADLINE", "10s")
        .envs(azurite::variables(url, "dify"))
        .env("AZURE_BLOB_ACCOUNT_KEY", "managedidentity")
}

fn principal(url: &str, authority: &Authority) -> Tool {
    managed(url)
        .env("AZURE_AUTHORITY_HOST", authority.url())
        .env("AZURE_TENANT_ID", TENANT)
        .env("AZURE_CLIENT_ID", APPLICATION)
        .env("AZURE_CLIENT_SECRET", "canary-client-secret-7f3a")
}

fn node(url: &str, authority: &Authority) -> Tool {
    managed(url).env("AZURE_POD_IDENTITY_AUTHORITY_HOST", authority.url())
}

/// Nobody asks it: the token does not come.
const NOBODY: &str = "http://127.0.0.1:9/x";

#[test]
fn an_identity_of_the_pod() {
    let (ca, certificate, key) = common::certificates();
    let folder = tempfile::tempdir().unwrap();
    let (ca_file, token_file) = (folder.path().join("ca.pem"), folder.path().join("token"));
    fs::write(&ca_file, ca).unwrap();
    fs::write(&token_file, "canary-pod-token-7f3a\n").unwrap();
    let ca = ca_file.to_str().unwrap();
    let server = Azurite::with_tokens(&certificate, &key);
    let url = server.url();
    let trusted = [("REQUESTS_CA_BUNDLE", ca)];
    prove!("azurite/tls-made", &api(&url, "ensure", &trusted));
    prove!("azurite/unknown-ca", &api(&url, "check", &[]));
    let good = Authority::gives(&token(3600));
    let trust = |tool: Tool| seen(tool.envs(owned(&trusted)));
    prove!("azurite/principal-ready", &trust(principal(&url, &good)));
    prove!("azurite/node-identity-ready", &trust(node(&url, &good)));
    let workload = || {
        managed(&url)
            .env("AZURE_AUTHORITY_HOST", good.url())
            .env("AZURE_TENANT_ID", TENANT)
            .env("AZURE_CLIENT_ID", APPLICATION)
            .env("AZURE_FEDERATED_TOKEN_FILE", token_file.display())
    };
    prove!("azurite/workload-ready", &trust(workload()));
    let asked = good.0.requests().last().unwrap().body.clone();
    assert!(asked.contains("client_assertion=canary-pod-token-7f3a"), "{asked}");
    prove!("azurite/token-expired", &trust(principal(&url, &Authority::gives(&token(-60)))));
    prove!("azurite/no-token", &trust(principal(&url, &Authority::gives("no-token-at-all"))));
    fs::remove_file(&token_file).unwrap();
    prove!("azure/pod-token-missing", &trust(workload()));
    let half = managed(NOBODY).env("AZURE_FEDERATED_TOKEN_FILE", "/x");
    prove!("azure/no-client-id", &seen(half));
}

#[test]
fn recorded_entra_gives_no_token() {
    let told = |code: &str, words: &str| seen(principal(NOBODY, &Authority::refuses(code, words)));
    prove!("entra/unknown-tenant", &told("AADSTS90002", "Tenant 'x' not found."));
    prove!(
        "entra/unknown-application",
        &told("AADSTS700016", "Application with identifier 'x' was not found.")
    );
    prove!("entra/wrong-secret", &told("AADSTS7000215", "Invalid client secret provided."));
    prove!("entra/secret-expired", &told("AADSTS7000222", "The provided client secret keys are expired."));
    prove!("entra/no-federation", &told("AADSTS700213", "No matching federated identity record found."));
    prove!("entra/clock", &told("AADSTS700024", "Client assertion is not within its valid time range."));
    prove!("entra/other", &told("AADSTS50034", "Something canary-client-secret-7f3a else."));
    prove!("entra/away", &seen(principal(NOBODY, &Authority::says(503, ""))));
    prove!("entra/not-entra", &seen(principal(NOBODY, &Authority::says(200, "<html>hello</html>"))));
    let refused = principal(NOBODY, &Authority::says(200, ""))
        .env("AZURE_AUTHORITY_HOST", format!("http://127.0.0.1:{}", testbed::free_port()));
    prove!("entra/refused", &seen(refused));
    let none = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    prove!("azure-node/no-identity", &seen(node(NOBODY, &Authority::says(400, none))));
    let several = r#"{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"}"#;
    prove!("azure-node/several", &seen(node(NOBODY, &Authority::says(400, several))));
    prove!("azure-node/busy", &seen(node(NOBODY, &Authority::says(429, "{}"))));
    let silent = testbed::proxy::Proxy::start(9, testbed::proxy::Fault::Hang);
    let tool =
        managed(NOBODY).env("AZURE_POD_IDENTITY_AUTHORITY_HOST", format!("http://127.0.0.1:{}", silent.port));
    prove!("azure-node/silent", &seen(tool));
}

/// As Azure writes an error.
fn error(status: u16, code: &str, message: &str, detail: &str) -> Answer {
    let detail = if detail.is_empty() {
        String::new()
    } else {
        format!("<AuthenticationErrorDetail>{detail}</AuthenticationErrorDetail>")
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}\n\
         RequestId:1\nTime:2</Message>{detail}</Error>"
    );
    Answer::new(status, &body).header("x-ms-error-code", code).header("x-ms-version", "2021-12-02")
}

fn told(answer: Answer) -> Seen {
    let server = RecordedHttp::start(move |_| answer.clone());
    api(&format!("http://127.0.0.1:{}", server.port), "check", &[])
}

#[test]
fn recorded_refusals_of_azure() {
    let failed = "Server failed to authenticate the request. Make sure the value of Authorization header is \
                  formed correctly including the signature.";
    let detail = "Signature did not match. String to sign used was difystore";
    prove!("azure/wrong-key", &told(error(403, "AuthenticationFailed", failed, detail)));
    let detail = "Signature not valid in the specified time frame: Start [a] - Expiry [b] - Current [c]";
    prove!("azure/clock", &told(error(403, "AuthenticationFailed", failed, detail)));
    let message = "This request is not authorized to perform this operation.";
    prove!("azure/firewall", &told(error(403, "AuthorizationFailure", message, "")));
    let message = "Key based authentication is not permitted on this storage account.";
    prove!("azure/no-account-keys", &told(error(403, "KeyBasedAuthenticationNotPermitted", message, "")));
    let message = "The specified account is disabled.";
    prove!("azure/account-disabled", &told(error(403, "AccountIsDisabled", message, "")));
    let message = "The account being accessed does not support http.";
    prove!("azure/wants-https", &told(error(400, "AccountRequiresHttps", message, "")));
    let message = "The specified container is being deleted. Try operation later.";
    prove!("azure/being-deleted", &told(error(409, "ContainerBeingDeleted", message, "")));
    let message = "The server is busy.";
    prove!("azure/busy", &told(error(503, "ServerBusy", message, "")));
    let message = "The server encountered an internal error. Please retry the request.";
    prove!("azure/internal-error", &told(error(500, "InternalError", message, "")));
    prove!("azure/gateway", &told(Answer::new(502, "<html>Bad Gateway</html>")));
    prove!("azure/web-page", &told(Answer::new(200, "<html>hello</html>")));
}

/// A container that is there, and an error for everything that is asked of its objects.
fn objects(answer: Answer) -> RecordedHttp {
    RecordedHttp::start(move |request| {
        if request.path.contains("restype=container") {
            Answer::new(200, "").header("x-ms-version", "2021-12-02")
        } else {
            answer.clone()
        }
    })
}

#[test]
fn recorded_refusals_of_azure_to_write() {
    let put = |answer| {
        let server = objects(answer);
        api(&format!("http://127.0.0.1:{}", server.port), "check", &[])
    };
    let message = "There is currently a lease on the blob and no lease ID was specified in the request.";
    prove!("azure/lease", &put(error(412, "LeaseIdMissing", message, "")));
    let message = "This operation is not permitted as the blob is immutable due to a policy.";
    prove!("azure/immutable", &put(error(409, "BlobImmutableDueToPolicy", message, "")));
    let message = "This request is not authorized to perform this operation using this permission.";
    let answer = error(403, "AuthorizationPermissionMismatch", message, "");
    let server = objects(answer);
    let url = format!("http://127.0.0.1:{}", server.port);
    prove!("azure/no-role", &seen(node(&url, &Authority::gives(&token(3600)))));
}

#[test]
fn no_secret_of_azure_is_seen() {
    // Everything echoes what it was asked.
    let echo = RecordedHttp::start(|request| {
        let mut said = format!("{} {}", request.path, request.body);
        for (name, value) in &request.headers {
            said.push_str(&format!(" {name}: {value}"));
        }
        error(400, "Odd", &said, &said)
    });
    let url = format!("http://127.0.0.1:{}", echo.port);
    let authority = Authority::refuses("AADSTS1", "canary-client-secret-7f3a");
    let token = "canary-token-7f3a";
    let gives = Authority::gives(token);
    let signature = sas("rwdlac", "sco", LONG_AGO, FAR);
    let secret = signature.rsplit_once("sig=").unwrap().1.to_owned();
    for more in ["-v", "--print-config", "--output=text"] {
        let with = |tool: Tool| tool.args([more]).run();
        let runs = [
            with(tool("check").envs(azurite::variables(&url, "dify"))),
            with(principal(&url, &authority)),
            with(principal(&url, &gives)),
            with(tool("check").args(["--for", "daemon"]).envs(owned(&[
                ("PLUGIN_STORAGE_TYPE", "azure_blob"),
                ("AZURE_BLOB_STORAGE_CONTAINER_NAME", "dify"),
                (
                    "AZURE_BLOB_STORAGE_CONNECTION_STRING",
                    &format!("BlobEndpoint={url};SharedAccessSignature={signature}"),
                ),
            ]))),
            with(tool("check").args(["--for", "daemon"]).envs(owned(&[
                ("PLUGIN_STORAGE_TYPE", "azure_blob"),
                ("AZURE_BLOB_STORAGE_CONTAINER_NAME", "dify"),
                (
                    "AZURE_BLOB_STORAGE_CONNECTION_STRING",
                    &format!("BlobEndpoint={url};AccountName={ACCOUNT};AccountKey={KEY}"),
                ),
            ]))),
        ];
        for run in runs {
            for secret in
                [KEY, "canary-client-secret-7f3a", token, secret.as_str(), "canary-account-key-7f3a"]
            {
                run.expect_no(secret);
            }
        }
    }
}
