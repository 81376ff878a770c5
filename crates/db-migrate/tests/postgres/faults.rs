//! A network, or a server, that misbehaves.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
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

    let unknown = RecordedPostgres::start([message(b'R', &99_u32.to_be_bytes())].concat());
    prove!("network/unknown-authentication", &at_port(unknown.port, &[]));
}

/// A message that calls itself 2 GiB long, and is: the try is given up before it takes the container's memory.
#[test]
fn a_recorded_server_that_never_stops_sending() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"E\x7f\xff\xff\xff");
        while stream.write_all(&[b'M'; 8 * 1024]).is_ok() {}
    });
    prove!("network/endless-reply", &at_port(port, &[("DB_EXTRAS", "sslmode=disable")]));
    server.join().unwrap();
}

/// TLS that is promised and never comes.
#[test]
fn a_recorded_server_that_promises_tls_and_falls_silent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"S");
            thread::spawn(move || while stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {});
        }
    });
    prove!("network/slow-tls", &at_port(port, &[("DB_EXTRAS", "sslmode=require")]));
}
