//! Several hosts, and which of them will do.

use std::thread::sleep;
use std::time::Duration;

use testbed::postgres::{Postgres, PostgresPlan};
use testbed::prove;

use crate::{at_port, database};

#[test]
fn which_of_several_hosts_will_do() {
    let (primary, standby) = (Postgres::start(), PostgresPlan::new().standby().start_alone());
    while !matches!(database(&standby, &[]).code.as_deref(), Some("25006")) {
        sleep(Duration::from_millis(50));
    }
    let dead = testbed::free_port();
    let extras = |ports: &[u16], want: &str| {
        let hosts = vec!["127.0.0.1"; ports.len()].join(",");
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        format!("host={hosts}&port={}&target_session_attrs={want}", ports.join(","))
    };
    let look = |ports: &[u16], want: &str| at_port(dead, &[("DB_EXTRAS", &extras(ports, want))]);
    prove!("hosts/second-of-two", &look(&[dead, primary.port()], "any"));
    prove!("hosts/primary-behind-standby", &look(&[standby.port(), primary.port()], "read-write"));
    prove!("hosts/none-is-primary", &look(&[standby.port(), dead], "primary"));
    prove!("hosts/one-standby", &look(&[standby.port()], "read-write"));
    prove!("hosts/all-down", &look(&[dead, dead], "any"));
    prove!("hosts/wants-standby", &look(&[standby.port()], "standby"));
    let unequal = [("DB_EXTRAS", "host=a,b&port=5432")];
    prove!("hosts/unequal", &at_port(dead, &unequal));
}
