//! A network, or a server, that misbehaves.

use std::time::{Duration, Instant};

use testbed::postgres::Postgres;
use testbed::prove;
use testbed::proxy::{Fault, Proxy};
use testbed::recorded_postgres::{RecordedPostgres, message};

use crate::{Seen, at_port};

#[test]
fn between_us_and_the_server() {
    let server = Postgres::start();
    let through = |fault: Fault| -> Seen {
        let proxy = Proxy::start(server.port(), fault);
        let start = Instant::now();
        let seen = at_port(proxy.port, &[]);
        assert!(start.elapsed() < Duration::from_secs(7), "{:?}", start.elapsed());
        seen
    };
    prove!("network/slow", &through(Fault::Delay(Duration::from_millis(60))));
    prove!("network/too-slow", &through(Fault::Delay(Duration::from_secs(3))));
    prove!("network/silent", &through(Fault::Hang));
    prove!("network/closed", &through(Fault::Garbage(Vec::new())));
    // Whether the system calls it a reset or an end depends on who was quicker.
    for fault in [Fault::Close, Fault::CutAfter(20), Fault::CutAfter(200)] {
        let seen = through(fault);
        assert_eq!((seen.exit, seen.class.as_str(), seen.hop.as_str()), (75, "not_yet", "tcp"), "{seen:?}");
    }
    let http = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    prove!("network/another-protocol", &through(Fault::Garbage(http)));
}

/// Whatever a server sends: no hang, no memory, no colours in a log.
#[test]
fn recorded_servers_that_say_odd_things() {
    let coloured = RecordedPostgres::refusing("XX000", "\u{1b}[31mred\u{1b}[0m \u{7}bell");
    let seen = at_port(coloured.port, &[]);
    assert!(!seen.output.contains('\u{1b}') && !seen.output.contains("\\u001b"), "{}", seen.output);
    prove!("network/coloured-text", &seen);

    // A message that calls itself 2 GiB long, and an error without end.
    let mut endless = vec![b'E'];
    endless.extend(0x7fff_ffff_u32.to_be_bytes());
    endless.extend(vec![b'M'; 64 * 1024]);
    prove!("network/endless-reply", &at_port(RecordedPostgres::start(endless).port, &[]));

    let unknown = RecordedPostgres::start([message(b'R', &99_u32.to_be_bytes())].concat());
    prove!("network/unknown-authentication", &at_port(unknown.port, &[]));
}
