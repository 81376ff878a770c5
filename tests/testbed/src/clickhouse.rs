//! `ClickHouse`, in the place of `MyScale`.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::peer::peer;
use crate::process::{Process, free_port, repository};

/// A running server with the users `dify` and `bound`, who may only read; the password is the name and `-pw`.
pub struct ClickHouse {
    /// The port of its HTTP API.
    pub port: u16,
    _process: Process,
    _folder: TempDir,
}

impl ClickHouse {
    /// Starts one.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let (folder, port) = (tempfile::tempdir().expect("a folder"), free_port());
        let tcp = free_port();
        let config = format!(
            "<yandex><logger><level>warning</level><console>1</console></logger><http_port>{port}</http_port>\
             <tcp_port>{tcp}</tcp_port><listen_host>127.0.0.1</listen_host><path>/srv/work/data/</path>\
             <tmp_path>/srv/work/tmp/</tmp_path><users_config>/srv/work/users.xml</users_config>\
             <default_profile>default</default_profile><default_database>default</default_database>\
             <mark_cache_size>100000000</mark_cache_size></yandex>"
        );
        let user = |name: &str, profile: &str| {
            format!(
                "<{name}><password>{name}-pw</password><networks><ip>::/0</ip></networks><profile>{profile}</profile>\
                 <quota>default</quota></{name}>"
            )
        };
        let users = format!(
            "<yandex><profiles><default></default><bound><readonly>1</readonly></bound></profiles><quotas><default/></quotas>\
             <users>{}{}</users></yandex>",
            user("dify", "default"),
            user("bound", "bound")
        );
        for (name, text) in [("config.xml", config), ("users.xml", users)] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let mut command = Command::new(repository().join("tests/peers/enter.sh"));
        command.arg(peer("clickhouse")).arg("clickhouse").arg(folder.path());
        command.args(["clickhouse-server", "--config-file=/srv/work/config.xml"]);
        let mut process = Process::spawn("clickhouse", folder.path(), command);
        process.wait_for_port(port);
        Self { port, _process: process, _folder: folder }
    }
}
