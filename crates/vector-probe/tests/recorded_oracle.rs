//! How the answers of Oracle's listeners are read. They are such as Dify's own client library (python-oracledb
//! 3.3) was seen to ask for and to understand; no Oracle runs here.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod common;
#[path = "common/pem.rs"]
mod pem;
#[path = "common/tls.rs"]
mod tls;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use common::{Seen, check};
use pem::Signed;
use testbed::{free_port, prove};
use tls::Tls;

/// A listener that answers each connection with the next of these packets, and the last one again and again.
fn listener(packets: Vec<Vec<u8>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut packets = packets.into_iter().peekable();
        for stream in listener.incoming().flatten() {
            let Some(packet) = packets.peek().cloned() else { return };
            let _ = answer(stream, &packet);
            let next = packets.next();
            if packets.peek().is_none() {
                packets = next.into_iter().collect::<Vec<_>>().into_iter().peekable();
            }
        }
    });
    port
}

fn answer(mut stream: TcpStream, packet: &[u8]) -> std::io::Result<()> {
    let _ = stream.read(&mut [0; 4096])?;
    stream.write_all(packet)?;
    if packet.is_empty() {
        return Ok(());
    }
    // The client hangs up when it has read it.
    let _ = stream.read(&mut [0; 1]);
    Ok(())
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 8).unwrap().to_be_bytes();
    [&length[..], &[0, 0, kind, 0, 0, 0], body].concat()
}

fn accepted(version: u16) -> Vec<u8> {
    packet(2, &[&version.to_be_bytes()[..], &[0; 40]].concat())
}

fn refused(reason: u32) -> Vec<u8> {
    let text = format!(
        "(DESCRIPTION=(TMP=)(VSNNUM=385875968)(ERR={reason})(ERROR_STACK=(ERROR=(CODE={reason})(EMFI=4))))"
    );
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    packet(4, &[&[34, 0], &length[..], text.as_bytes()].concat())
}

fn look(dsn: &str, more: &[(&str, &str)]) -> Seen {
    let mut variables = vec![
        ("VECTOR_STORE", "oracle"),
        ("ORACLE_USER", "dify"),
        ("ORACLE_PASSWORD", "oracle-pw"),
        ("ORACLE_DSN", dsn),
    ];
    variables.extend_from_slice(more);
    check(&variables)
}

fn probe(packets: Vec<Vec<u8>>) -> Seen {
    look(&format!("localhost:{}/freepdb1", listener(packets)), &[])
}

#[test]
fn recorded_answers_of_a_listener_are_told_apart() {
    prove!("oracle/ready", &probe(vec![accepted(319)]));
    prove!("oracle/no-vectors", &probe(vec![accepted(318)]));
    prove!("oracle/too-old", &probe(vec![accepted(314)]));
    prove!("oracle/unknown-service", &probe(vec![refused(12514)]));
    prove!("oracle/unknown-sid", &probe(vec![refused(12505)]));
    prove!("oracle/blocked", &probe(vec![refused(12528)]));
    prove!("oracle/full", &probe(vec![refused(12516)]));
    prove!("oracle/not-invited", &probe(vec![refused(12529)]));
    prove!("oracle/other", &probe(vec![refused(12500)]));
    prove!("oracle/closed", &probe(vec![Vec::new()]));
    prove!("oracle/stranger", &probe(vec![b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()]));
    prove!("oracle/refused", &look(&format!("127.0.0.1:{}/x", free_port()), &[]));
    let strict = look(
        &format!("localhost:{}/freepdb1", listener(vec![accepted(319)])),
        &[("PREFLIGHT_STRICT", "true")],
    );
    prove!("oracle/strict", &strict);
}

#[test]
fn recorded_listeners_that_ask_again_or_send_elsewhere_are_followed() {
    let other = listener(vec![accepted(319)]);
    let text = format!("(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT={other}))");
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    let redirect = packet(5, &[&length[..], text.as_bytes()].concat());
    probe(vec![redirect]).expect_ready(&[&format!("127.0.0.1:{other}")]);
    let mut again = packet(11, &[]);
    again.extend(accepted(319));
    probe(vec![again]).expect_ready(&["the listener at"]);
    // One that sends to itself is left alone.
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = own.local_addr().unwrap().port();
    let text = format!("(ADDRESS=(HOST=127.0.0.1)(PORT={port}))");
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    let redirect = packet(5, &[&length[..], text.as_bytes()].concat());
    thread::spawn(move || own.incoming().flatten().for_each(|stream| drop(answer(stream, &redirect))));
    prove!("oracle/loop", &look(&format!("localhost:{port}/x"), &[]));
}

#[test]
fn recorded_names_are_looked_up_and_wallets_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    let port = listener(vec![accepted(319)]);
    let names = format!(
        "dify_high = (DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT={port}))(CONNECT_DATA=(SERVICE_NAME=x)))"
    );
    std::fs::write(folder.path().join("tnsnames.ora"), names).unwrap();
    look("dify_high", &[("TNS_ADMIN", at)]).expect_ready(&["SERVICE_NAME=x"]);
    prove!("oracle/no-such-name", &look("dify_low", &[("TNS_ADMIN", at)]));
    prove!("oracle/no-names", &look("dify_low", &[]));
    let autonomous = [
        ("ORACLE_IS_AUTONOMOUS", "true"),
        ("ORACLE_CONFIG_DIR", at),
        ("ORACLE_WALLET_LOCATION", at),
        ("ORACLE_WALLET_PASSWORD", "wallet-pw"),
    ];
    prove!("oracle/no-wallet", &look("dify_high", &autonomous));
    prove!("oracle/credentials", &look("dify/oracle-pw@db/x", &[]));
}

#[test]
fn recorded_tls_is_spoken_where_the_connect_string_says() {
    let tls = Tls::start(listener(vec![accepted(319)]), "localhost");
    let dsn = format!("tcps://localhost:{}/x", tls.port);
    look(&dsn, &[("SSL_CERT_FILE", tls.file())]).expect_ready(&["the listener at"]);
    prove!("oracle/unknown-ca", &look(&dsn, &[]));
    prove!("oracle/no-tls", &look(&format!("tcps://localhost:{}/x", listener(vec![refused(12514)])), &[]));
    prove!("oracle/expired", &{
        let old = Tls::expired(listener(vec![accepted(319)]), "localhost");
        look(&format!("tcps://localhost:{}/x", old.port), &[("SSL_CERT_FILE", old.file())])
    });
}

/// An Autonomous Database wants the certificate of the wallet, whose key is encrypted.
#[test]
fn recorded_wallets_are_left_to_those_who_can_open_them() {
    let tls = Tls::mutual(listener(vec![accepted(319)]), "localhost");
    let dsn = format!("tcps://localhost:{}/x", tls.port);
    prove!("oracle/wants-certificate", &look(&dsn, &[("SSL_CERT_FILE", tls.file())]));
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    // CAs, the client's own certificate, and its key under the wallet's password.
    let (cas, own) = (std::fs::read_to_string(tls.file()).unwrap(), Signed::new("client").certificate);
    let key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
    std::fs::write(folder.path().join("ewallet.pem"), [key, &own, &cas].concat()).unwrap();
    let wallet = [
        ("ORACLE_IS_AUTONOMOUS", "true"),
        ("ORACLE_CONFIG_DIR", at),
        ("ORACLE_WALLET_LOCATION", at),
        ("ORACLE_WALLET_PASSWORD", "wallet-pw"),
    ];
    prove!("oracle/wallet", &look(&dsn, &wallet));
}
