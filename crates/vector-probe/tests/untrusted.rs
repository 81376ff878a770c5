//! What servers send may be anything.

use proptest::prelude::*;

/// Pieces of what is looked for, so that chance gets further than the first byte.
const PIECES: [&[u8]; 16] = [
    b"(DESCRIPTION=",
    b"(ADDRESS=(HOST=db)(PORT=1521))",
    b"(SERVICE_NAME=x)",
    b"dify=",
    b"(",
    b")",
    b"=",
    b"\0\x20\0\0\x04\0\0\0\x22\0\0\x58",
    b"ERR=12514)",
    b"VSNNUM=318767104)",
    b"Digest ",
    b"nonce=\"n\", ",
    b"qop=\"auth\"",
    b"-v4.3.5.1",
    b"tcps://db:2484/svc",
    b"\x0a\x05hello",
];

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        vector_probe::untrusted(&bytes);
    }

    #[test]
    fn any_pieces_are_read_without_a_panic(
        picked in proptest::collection::vec((0..PIECES.len(), proptest::collection::vec(any::<u8>(), 0..3)), 0..24),
    ) {
        let bytes: Vec<u8> =
            picked.iter().flat_map(|(piece, noise)| [PIECES[*piece], noise.as_slice()].concat()).collect();
        vector_probe::untrusted(&bytes);
    }
}
