//! A real S3 server: Ceph's RADOS gateway, which keeps everything in a folder of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use crate::process::{Process, free_port};

const CONFIG: &str = "/srv/work/ceph.conf";
const AS_ADMIN: [&str; 5] = ["-c", CONFIG, "-n", "client.admin", "--no-mon-config"];

/// The access key of the user that every server has.
pub const ACCESS_KEY: &str = "DIFYACCESSKEY0123456";
/// Its secret key.
pub const SECRET_KEY: &str = "dify+secret/key-0123456789-abcdefghijklm";

/// A server that is not started yet; its port is known already.
pub struct S3Plan {
    folder: TempDir,
    /// Where it will listen on 127.0.0.1.
    pub port: u16,
    tls: bool,
}

impl Default for S3Plan {
    fn default() -> Self {
        Self::new()
    }
}

impl S3Plan {
    /// A server with the user of [`ACCESS_KEY`] and no bucket.
    ///
    /// # Panics
    /// If no folder or port can be had.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("its mode");
        let plan = Self { folder, port: free_port(), tls: false };
        plan.write_config();
        plan.user("dify", ACCESS_KEY, SECRET_KEY, &[])
    }

    /// Adds a user. `options` are those of `radosgw-admin user create`, such as `--op-mask=read`.
    #[must_use]
    pub fn user(self, name: &str, access_key: &str, secret_key: &str, options: &[&str]) -> Self {
        let mut arguments = vec!["radosgw-admin"];
        arguments.extend(AS_ADMIN);
        arguments.extend(["user", "create", "--uid", name, "--display-name", name]);
        arguments.extend(["--access-key", access_key, "--secret-key", secret_key]);
        arguments.extend(options);
        let _ = Process::run("ceph", self.folder.path(), &arguments);
        self
    }

    /// Listens for TLS only; the certificate and key are PEM.
    ///
    /// # Panics
    /// If the files cannot be written.
    #[must_use]
    pub fn tls(mut self, certificate: &str, key: &str) -> Self {
        self.tls = true;
        for (name, content) in [("server.pem", certificate), ("server.key", key)] {
            let path = self.folder.path().join(name);
            fs::write(&path, content).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("its mode");
        }
        self.write_config();
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn start(self) -> S3 {
        let mut arguments = vec!["radosgw"];
        arguments.extend(AS_ADMIN);
        arguments.extend(["-f", "-d"]);
        let mut process = Process::start("radosgw", "ceph", self.folder.path(), &arguments);
        process.wait_for_port(self.port);
        S3 { port: self.port, scheme: if self.tls { "https" } else { "http" }, process, folder: self.folder }
    }

    fn write_config(&self) {
        let port = self.port;
        let listen = if self.tls {
            format!(
                "ssl_endpoint=127.0.0.1:{port} ssl_certificate=/srv/work/server.pem ssl_private_key=/srv/work/server.key"
            )
        } else {
            format!("endpoint=127.0.0.1:{port}")
        };
        // One virtual host name, for requests with the bucket in the host.
        let config = format!(
            "[global]\n\
             fsid = 00000000-0000-4000-8000-000000000001\n\
             auth_cluster_required = none\n\
             auth_service_required = none\n\
             auth_client_required = none\n\
             mon_host = 127.0.0.1\n\
             [client]\n\
             rgw_backend_store = dbstore\n\
             rgw_config_store = dbstore\n\
             dbstore_db_dir = /srv/work\n\
             dbstore_config_uri = file:/srv/work/config.db\n\
             rgw_data = /srv/work\n\
             rgw_dns_name = s3.test\n\
             rgw_thread_pool_size = 8\n\
             admin_socket =\n\
             run_dir = /tmp\n\
             log_file =\n\
             rgw_frontends = beast {listen}\n"
        );
        let path = self.folder.path().join("ceph.conf");
        fs::write(&path, config).expect("a configuration file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("its mode");
    }
}

/// A running server.
pub struct S3 {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    scheme: &'static str,
    /// For signals.
    pub process: Process,
    folder: TempDir,
}

impl S3 {
    /// A server with the user of [`ACCESS_KEY`] and no bucket, running.
    #[must_use]
    pub fn start() -> Self {
        S3Plan::new().start()
    }

    /// Its URL by address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// What the server's own administration lists in a bucket, as JSON.
    #[must_use]
    pub fn list(&self, bucket: &str) -> String {
        let mut arguments = vec!["radosgw-admin"];
        arguments.extend(AS_ADMIN);
        arguments.extend(["bucket", "list", "--bucket", bucket]);
        Process::run("ceph", self.folder.path(), &arguments)
    }

    /// The api's variables for a bucket of it.
    #[must_use]
    pub fn variables(&self, bucket: &str) -> Vec<(&'static str, String)> {
        variables(&self.endpoint(), bucket)
    }
}

/// The api's variables for a bucket of a server.
#[must_use]
pub fn variables(endpoint: &str, bucket: &str) -> Vec<(&'static str, String)> {
    [
        ("STORAGE_TYPE", "s3"),
        ("S3_ENDPOINT", endpoint),
        ("S3_BUCKET_NAME", bucket),
        ("S3_ACCESS_KEY", ACCESS_KEY),
        ("S3_SECRET_KEY", SECRET_KEY),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}
