//! `MinIO`: a second kind of S3 server, with policies for each verb, keys for a time, versions and object lock.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::peer;
use crate::process::{Process, free_port};
use crate::s3::{ACCESS_KEY, SECRET_KEY, variables};

/// A server that is not started yet; its port is known already.
pub struct MinioPlan {
    folder: TempDir,
    /// Where it will listen on 127.0.0.1.
    pub port: u16,
    data: PathBuf,
    settings: Vec<(String, String)>,
}

impl Default for MinioPlan {
    fn default() -> Self {
        Self::new()
    }
}

impl MinioPlan {
    /// A server with the user of [`ACCESS_KEY`], who may do everything, and no bucket.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        Self { folder, port: free_port(), data, settings: Vec::new() }
    }

    /// Sets one of its variables, such as `MINIO_REGION`.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Keeps its data in this folder, such as a small volume.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.data);
        self
    }

    /// Listens for TLS only; the certificate and key are PEM.
    ///
    /// # Panics
    /// If the files cannot be written.
    #[must_use]
    pub fn tls(self, certificate: &str, key: &str) -> Self {
        let folder = self.folder.path().join("certs");
        fs::create_dir(&folder).expect("a folder");
        for (name, content) in [("public.crt", certificate), ("private.key", key)] {
            let path = folder.join(name);
            fs::write(&path, content).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode");
        }
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn start(self) -> Minio {
        let certs = self.folder.path().join("certs");
        let mut command = Command::new(peer("minio").join("minio"));
        command.args(["server", "--quiet", "--address", &format!("127.0.0.1:{}", self.port), "--certs-dir"]);
        command.arg(&certs).arg(&self.data);
        command.env_clear().env("HOME", self.folder.path()).env("MINIO_BROWSER", "off");
        command.env("MINIO_ROOT_USER", ACCESS_KEY).env("MINIO_ROOT_PASSWORD", SECRET_KEY);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        let mut process = Process::spawn("minio", self.folder.path(), command);
        process.wait_for_port(self.port);
        let scheme = if certs.join("public.crt").exists() { "https" } else { "http" };
        let server = Minio { port: self.port, scheme, process, folder: self.folder };
        server.wait();
        server
    }
}

/// A running server.
pub struct Minio {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    scheme: &'static str,
    /// For signals.
    pub process: Process,
    folder: TempDir,
}

impl Minio {
    /// A server with the user of [`ACCESS_KEY`] and no bucket, running.
    #[must_use]
    pub fn start() -> Self {
        MinioPlan::new().start()
    }

    /// Its URL by address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// The folder that holds its data, its log and its certificates.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The api's variables for a bucket of it.
    #[must_use]
    pub fn variables(&self, bucket: &str) -> Vec<(&'static str, String)> {
        variables(&self.endpoint(), bucket)
    }

    /// It listens before it can serve.
    fn wait(&self) {
        for _ in 0..600 {
            if Self::curl("s3", &["-f", &format!("{}/", self.endpoint())]).is_some() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!(
            "minio is not ready: {}",
            fs::read_to_string(self.folder.path().join("minio.log")).unwrap_or_default()
        );
    }

    /// A request signed with the key that may do everything: `request(&["-X", "PUT"], "bucket")`.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn request(&self, options: &[&str], path: &str) -> String {
        let url = format!("{}/{path}", self.endpoint());
        let mut arguments = vec!["--fail-with-body"];
        arguments.extend(options);
        arguments.push(&url);
        Self::curl("s3", &arguments).unwrap_or_else(|| panic!("refused: {arguments:?}"))
    }

    /// A key for a time, which may do what a policy allows: its id, secret and session token.
    ///
    /// # Panics
    /// If it is refused.
    #[must_use]
    pub fn key(&self, policy: &str) -> [String; 3] {
        let url = format!("{}/", self.endpoint());
        let policy = format!("Policy={policy}");
        let form = ["-d", "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900"];
        let reply =
            Self::curl("sts", &[form[0], form[1], "--data-urlencode", &policy, &url]).unwrap_or_default();
        ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(|element| {
            let text = reply.split_once(&format!("<{element}>")).and_then(|(_, rest)| rest.split_once('<'));
            text.unwrap_or_else(|| panic!("no key in {reply}")).0.to_owned()
        })
    }

    /// A key that may do these actions (`s3:GetObject`) everywhere, as variables of the AWS SDKs.
    #[must_use]
    pub fn key_for(&self, actions: &[&str]) -> Vec<(&'static str, String)> {
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": ["arn:aws:s3:::*"]}],
        });
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
        names.into_iter().zip(self.key(&policy.to_string())).collect()
    }

    fn curl(service: &str, arguments: &[&str]) -> Option<String> {
        let scope = format!("aws:amz:us-east-1:{service}");
        let user = format!("{ACCESS_KEY}:{SECRET_KEY}");
        let mut command = Command::new("curl");
        command.args(["--silent", "--insecure", "--max-time", "10", "--aws-sigv4", &scope, "--user", &user]);
        if service == "s3" {
            command.args(["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"]);
        }
        let output = command.args(arguments).output().expect("curl");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
