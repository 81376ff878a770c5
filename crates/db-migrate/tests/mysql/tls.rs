//! TLS as `PyMySQL` makes it of `DB_EXTRAS`, and as the plugin daemon's driver does.

use testbed::mysql::{MysqlPlan, Product};

use crate::common::Seen;
use crate::common::authority::Authority;
use crate::{database, prove_both};

#[test]
fn names_and_authorities() {
    let (authority, files) = (Authority::new("ours"), tempfile::tempdir().unwrap());
    let file = |name: &str, text: &str| std::fs::write(files.path().join(name), text).unwrap();
    file("ca.pem", &authority.pem);
    file("other.pem", &Authority::new("theirs").pem);
    let (client, client_key) = authority.sign("dify");
    file("client.pem", &client);
    file("client.key", &client_key);
    for product in Product::ALL {
        let (certificate, key) = authority.sign("127.0.0.1");
        let server = MysqlPlan::new(product).tls(&certificate, &key, &authority.pem).start();
        let check = |extras: &str| -> Seen {
            let extras = extras.replace("FILES", files.path().to_str().unwrap());
            database(&server, &[("DB_EXTRAS", &extras)])
        };
        let full = "ssl_ca=FILES/ca.pem";
        prove_both!(product, "mysql/tls-verified", "mariadb/tls-verified", &check(full));
        let seen = check("ssl_ca=FILES/other.pem");
        prove_both!(product, "mysql/tls-unknown-ca", "mariadb/tls-unknown-ca", &seen);
        let seen = check("ssl_ca=FILES/ca.pem&ssl_verify_cert=true");
        prove_both!(product, "mysql/tls-ca-forgotten", "mariadb/tls-ca-forgotten", &seen);
        let seen = check("ssl_ca=FILES/none.pem");
        prove_both!(product, "mysql/tls-no-ca-file", "mariadb/tls-no-ca-file", &seen);

        let _ = server.sql("ALTER USER 'dify'@'%' REQUIRE X509");
        let seen = check(full);
        prove_both!(product, "mysql/wrong-password", "mariadb/wrong-password", &seen);
        let seen = check("ssl_ca=FILES/ca.pem&ssl_cert=FILES/client.pem&ssl_key=FILES/client.key");
        prove_both!(product, "mysql/tls-verified", "mariadb/tls-verified", &seen);
        let _ = server.sql("ALTER USER 'dify'@'%' REQUIRE NONE");

        let (certificate, key) = authority.sign("elsewhere.example");
        server.tls(&certificate, &key, &authority.pem);
        prove_both!(product, "mysql/tls-wrong-name", "mariadb/tls-wrong-name", &check(full));
        let seen = check("ssl_ca=FILES/ca.pem&ssl_check_hostname=false");
        prove_both!(product, "mysql/tls-verified", "mariadb/tls-verified", &seen);
        // MySQL does not even take one that has expired.
        if product == Product::MariaDb {
            let (certificate, key) = authority.sign_expired("127.0.0.1");
            server.tls(&certificate, &key, &authority.pem);
            testbed::prove!("mariadb/tls-expired", &check(full));
        }
    }
}

/// The plugin daemon can be given no CA: its driver verifies with those of its image.
#[test]
fn the_plugin_daemon() {
    crate::each(|server| {
        let product = server.product();
        let _ = server.sql("CREATE DATABASE dify_plugin; GRANT ALL ON dify_plugin.* TO 'dify'@'%'");
        let daemon = |mode: &str| database(server, &[("DB_SSL_MODE", mode), ("DB_DATABASE", "dify_plugin")]);
        prove_both!(product, "mysql/ready", "mariadb/ready", &daemon("disable"));
        prove_both!(product, "mysql/daemon-unknown-ca", "mariadb/daemon-unknown-ca", &daemon("require"));

        // Its tables, beside the api's database.
        let target = |what: &str| {
            let words = ["check", "--target", "daemon", "--for", what];
            let run =
                crate::call(server, std::path::Path::new("/none"), &words).env("DB_SSL_MODE", "disable");
            crate::common::result(&run.env("DB_DATABASE", "dify_plugin").run())
        };
        prove_both!(product, "mysql/daemon-database", "mariadb/daemon-database", &target("database"));
        prove_both!(product, "mysql/daemon-no-tables", "mariadb/daemon-no-tables", &target("schema"));
        let tables = [
            "endpoints",
            "install_tasks",
            "plugin_declarations",
            "plugin_installations",
            "plugins",
            "tenant_storages",
        ];
        for table in tables {
            let _ = server.sql(&format!("CREATE TABLE dify_plugin.{table} (id int)"));
        }
        prove_both!(product, "mysql/daemon-tables", "mariadb/daemon-tables", &target("schema"));
    });
}
