//! A name server on a loopback address of its own, in every state, and the means to let a program ask it.

use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::thread;

use tempfile::TempDir;

use crate::tool::Tool;

/// What it says to every question.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// There is no such name.
    NoName,
    /// The server itself failed.
    Failure,
    /// Nothing at all.
    Silence,
}

/// A name server on port 53 of `127.0.53.x`. It lives as long as the test's process.
pub struct NameServer {
    address: Ipv4Addr,
    folder: TempDir,
}

impl NameServer {
    /// Starts one.
    ///
    /// # Panics
    /// If no address of that range is free; port 53 needs root.
    #[must_use]
    pub fn start(answer: Answer) -> Self {
        let bound = (1..=250).find_map(|last| {
            let address = Ipv4Addr::new(127, 0, 53, last);
            UdpSocket::bind((address, 53)).ok().map(|socket| (address, socket))
        });
        let (address, socket) = bound.expect("a free address with port 53");
        thread::spawn(move || {
            let mut packet = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut packet) {
                if let Some(reply) = reply(&packet[..length], answer) {
                    let _ = socket.send_to(&reply, from);
                }
            }
        });
        Self { address, folder: tempfile::tempdir().expect("a folder") }
    }

    /// The program with a `resolv.conf` that names this server, and whatever else is to stand in it.
    ///
    /// # Panics
    /// If the file cannot be written.
    #[must_use]
    pub fn asked_by(&self, program: &Path, options: &str) -> Tool {
        let file = self.folder.path().join("resolv.conf");
        std::fs::write(&file, format!("nameserver {}\n{options}\n", self.address)).expect("a file");
        let script = "mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
        let file = file.display().to_string();
        let program = program.display().to_string();
        Tool::new("/usr/bin/unshare")
            .args([
                "--mount",
                "--propagation",
                "private",
                "--",
                "/bin/sh",
                "-c",
                script,
                "dns",
                &file,
                &program,
            ])
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
    }
}

/// The question with the bits of an answer set.
fn reply(question: &[u8], answer: Answer) -> Option<Vec<u8>> {
    let code = match answer {
        Answer::NoName => 3,
        Answer::Failure => 2,
        Answer::Silence => return None,
    };
    let mut reply = question.to_vec();
    let [_, _, flags, more, ..] = reply.as_mut_slice() else { return None };
    *flags |= 0x80;
    *more = 0x80 | code;
    Some(reply)
}
