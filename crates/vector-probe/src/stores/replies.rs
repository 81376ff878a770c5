//! Every reading of a reply in one call without any network, for those who try to break them.

use bytes::Bytes;

use super::{
    baidu, chroma, connect_string, couchbase, digest, elasticsearch, grpc, milvus, myscale, opensearch,
    qdrant, search, tencent, tns, upstash, valkey, weaviate,
};

/// Reads the same bytes as each kind of reply. What comes out of them does not matter; that something does, and at once,
/// does.
pub(crate) fn read_all(data: &[u8]) {
    let bytes = Bytes::copy_from_slice(data);
    let message = grpc::unframed(&bytes).unwrap_or_else(|| bytes.clone());
    for field in grpc::fields(&message) {
        let _ = (field.1.text(), field.1.number());
    }
    let _ = (grpc::is_serving(&message), milvus::status(&message), milvus::version(&message));
    let _ = (tencent::status(&message), valkey::reply(data));
    let text = String::from_utf8_lossy(data);
    let _ = (
        weaviate::version(&text),
        weaviate::bound(&text),
        weaviate::sick_nodes(&text),
        qdrant::lists_collections(&text),
    );
    let _ = (chroma::version(&text), chroma::is_missing(&text), topology::minor(&text));
    let _ = (search::about(&text), search::colour(&text), search::lacks(&text, "knn"));
    let _ = (elasticsearch::inactive_licence(&text), opensearch::refusal(&text), upstash::dimension(&text));
    let _ = (couchbase::has_scope(&text, "dify"), couchbase::lacks(&text, &[("kv", "data")]));
    let _ = (tns::read(data), connect_string::parse(&text), connect_string::look_up(&text, "dify"));
    let _ = digest::Challenge::parse(&text).map(|challenge| challenge.answer("GET", "/", "user", "password"));
    let _ = (baidu::read(&text), myscale::state(&text), myscale::code(&text));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_reply_breaks_a_reading(data in proptest::collection::vec(any::<u8>(), 0..200)) {
            read_all(&data);
        }

        #[test]
        fn what_is_written_as_a_field_is_read_as_one(number in 1_u8..16, text in ".{0,200}") {
            let bytes = grpc::text_field(number, &text);
            prop_assert_eq!(grpc::field(&bytes, u64::from(number)).map(grpc::Value::text), Some(text));
        }

        #[test]
        fn a_version_is_two_numbers_or_none(major in 0_u32..1000, minor in 0_u32..1000, rest in "[a-z.0-9-]{0,8}") {
            let text = format!("{major}.{minor}.{rest}");
            prop_assert_eq!(topology::minor(&text), Some((major, minor)));
        }
    }
}
