//! The first packets of Oracle Net: a listener says whether it knows a database before anybody logs in.

/// The newest version of the protocol that is asked for: the one of the first database with vectors.
pub(crate) const WITH_VECTORS: u16 = 319;
/// The oldest that Dify's client library takes, which is that of 12.1.
pub(crate) const OLDEST: u16 = 315;

const CONNECT: u8 = 1;
const ACCEPT: u8 = 2;
const REFUSE: u8 = 4;
const REDIRECT: u8 = 5;
const DATA: u8 = 6;
const RESEND: u8 = 11;
/// Length of a packet's head.
pub(crate) const HEAD: usize = 8;
/// Where the text of a connect packet begins.
const OFFSET: u16 = 74;
/// A longer text goes into a packet of its own.
const LONGEST: usize = 230;
/// How much is sent at once: the usual 8 KiB.
const UNIT: u16 = 8192;

/// What a listener answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// A database is ready to be logged in to, in this version of the protocol.
    Accepted(u16),
    /// The number of the reason, without `ORA-`, and the listener's own version.
    Refused(Option<u32>, Option<u32>),
    /// Another port is to be asked.
    Redirected(String),
    /// The same once more.
    Again,
    /// Not a listener.
    Unknown,
}

/// The packets that ask for a database.
pub(crate) fn connect(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let mut body = Vec::new();
    // Version, oldest version, options ("don't care"), both units, the protocol's characteristics, turnaround, byte order.
    for number in [WITH_VECTORS, 300, 1, UNIT, UNIT, 0x4f98, 0, 1, length, OFFSET] {
        body.extend(number.to_be_bytes());
    }
    // How much may come back; flags: no encryption of the network layer, TLS may be made anew; then fields that are not
    // used any more, both units once more, and flags.
    body.extend([0, 0, 0, 0, 0x84, 0x84]);
    body.extend([0; 24]);
    for number in [u32::from(UNIT), u32::from(UNIT), 0, 0] {
        body.extend(number.to_be_bytes());
    }
    if text.len() <= LONGEST {
        body.extend(text.as_bytes());
        return packet(CONNECT, &body);
    }
    let data = [&[0, 0], text.as_bytes()].concat();
    [packet(CONNECT, &body), packet(DATA, &data)].concat()
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + HEAD).unwrap_or(u16::MAX).to_be_bytes();
    [&length[..], &[0, 0, kind, 0, 0, 0], body].concat()
}

/// How long a packet is, from its head.
pub(crate) fn length(head: [u8; HEAD]) -> usize {
    usize::from(u16::from_be_bytes([head[0], head[1]]))
}

/// Reads a whole packet.
pub(crate) fn read(packet: &[u8]) -> Reply {
    let (Some(kind), Some(body)) = (packet.get(4), packet.get(HEAD..)) else { return Reply::Unknown };
    let number = |at: usize| body.get(at..at + 2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
    let text = |at: usize| String::from_utf8_lossy(body.get(at..).unwrap_or_default()).into_owned();
    match *kind {
        ACCEPT => number(0).map_or(Reply::Unknown, Reply::Accepted),
        REFUSE => {
            let text = text(4);
            let reason = field(&text, "ERR=").or_else(|| field(&text, "CODE="));
            Reply::Refused(reason, field(&text, "VSNNUM=").map(|version| version >> 24))
        }
        REDIRECT => Reply::Redirected(text(2)),
        RESEND => Reply::Again,
        _ => Reply::Unknown,
    }
}

/// The number behind a name.
fn field(text: &str, name: &str) -> Option<u32> {
    let (_, rest) = text.split_once(name)?;
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connect_packet_has_its_text_where_it_says() {
        let bytes = connect("(X=1)");
        let head: [u8; HEAD] = bytes[..HEAD].try_into().unwrap();
        assert_eq!((length(head), bytes[4]), (bytes.len(), CONNECT));
        assert_eq!(&bytes[usize::from(OFFSET)..], b"(X=1)");
        // A long text follows in a packet of its own.
        let long = "x".repeat(LONGEST + 1);
        let bytes = connect(&long);
        assert_eq!((bytes[1], bytes[usize::from(OFFSET) + 4]), (74, DATA));
        assert_eq!(bytes.len(), 74 + HEAD + 2 + long.len());
    }

    #[test]
    fn each_answer_is_told_apart() {
        let refusal = b"\x22\x00\x00\x58(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))";
        for (kind, body, expected) in [
            (ACCEPT, &b"\x01\x3f\x04\x01\x20\x00"[..], Reply::Accepted(319)),
            (REFUSE, refusal, Reply::Refused(Some(12514), Some(19))),
            (REFUSE, b"\x04\x00\x00\x00", Reply::Refused(None, None)),
            (REDIRECT, b"\x00\x05(A=1)", Reply::Redirected("(A=1)".to_owned())),
            (RESEND, b"", Reply::Again),
            (ACCEPT, b"\x01", Reply::Unknown),
            (99, b"", Reply::Unknown),
        ] {
            assert_eq!(read(&packet(kind, body)), expected);
        }
        assert_eq!(read(b""), Reply::Unknown);
        assert_eq!(read(b"HTTP/1.1 400 Bad Request"), Reply::Unknown);
    }
}
