//! Reading whatever a server may answer, with no server: for property tests and the fuzzer.

use preflight::Env;
use preflight::http::{Reply, header};

use super::s3::codes;
use super::{azure, baidu, cos, gcs, obs, oss, reply, tos};

/// A key and a bucket for every store that reads its replies itself.
const VARIABLES: [(&str, &str); 25] = [
    ("AZURE_BLOB_ACCOUNT_URL", "http://h"),
    ("AZURE_BLOB_CONTAINER_NAME", "dify"),
    ("AZURE_BLOB_ACCOUNT_NAME", "dify"),
    ("AZURE_BLOB_ACCOUNT_KEY", "a2V5"),
    ("GOOGLE_STORAGE_BUCKET_NAME", "dify"),
    ("STORAGE_EMULATOR_HOST", "http://h"),
    ("ALIYUN_OSS_ENDPOINT", "http://h"),
    ("ALIYUN_OSS_BUCKET_NAME", "dify"),
    ("ALIYUN_OSS_ACCESS_KEY", "id"),
    ("ALIYUN_OSS_SECRET_KEY", "secret"),
    ("TENCENT_COS_BUCKET_NAME", "dify"),
    ("TENCENT_COS_REGION", "ap-guangzhou"),
    ("TENCENT_COS_SECRET_ID", "id"),
    ("TENCENT_COS_SECRET_KEY", "secret"),
    ("HUAWEI_OBS_SERVER", "http://h"),
    ("HUAWEI_OBS_BUCKET_NAME", "dify"),
    ("HUAWEI_OBS_ACCESS_KEY", "id"),
    ("HUAWEI_OBS_SECRET_KEY", "secret"),
    ("VOLCENGINE_TOS_ENDPOINT", "http://h"),
    ("VOLCENGINE_TOS_BUCKET_NAME", "dify"),
    ("VOLCENGINE_TOS_REGION", "cn-beijing"),
    ("VOLCENGINE_TOS_ACCESS_KEY", "id"),
    ("VOLCENGINE_TOS_SECRET_KEY", "secret"),
    ("BAIDU_OBS_ENDPOINT", "http://h"),
    ("BAIDU_OBS_BUCKET_NAME", "dify"),
];
const BAIDU_KEY: [(&str, &str); 2] = [("BAIDU_OBS_ACCESS_KEY", "id"), ("BAIDU_OBS_SECRET_KEY", "secret")];

type Reader = Box<dyn Fn(&Reply)>;

/// A store with these settings, as something that reads.
macro_rules! reader {
    ($store:expr) => {
        $store.ok().map(|store| -> Reader {
            Box::new(move |reply| {
                let _ = store.trouble(reply);
            })
        })
    };
}

thread_local! {
    /// Made once: a client takes longer than a thousand replies.
    static READERS: Vec<Reader> = readers();
}

fn readers() -> Vec<Reader> {
    let env = Env::of_pairs(VARIABLES.into_iter().chain(BAIDU_KEY));
    let all = [
        reader!(azure::api(&env)),
        reader!(gcs::api(&env)),
        reader!(oss::api(&env)),
        reader!(cos::api(&env)),
        reader!(obs::api(&env)),
        reader!(tos::api(&env)),
        reader!(baidu::api(&env)),
    ];
    all.into_iter().flatten().collect()
}

/// Lets every store judge a reply. Returns how many did.
#[must_use]
pub fn read_any_reply(status: u16, body: &str) -> usize {
    let reply = Reply { status, headers: header::HeaderMap::new(), body: body.to_owned() };
    let text = |element| reply::xml_text(body, element).unwrap_or_default();
    let _ = codes::trouble(text("Code"), status, text("Message"), None);
    let _ = (reply::json_text(body, &["error", "message"]), reply::clock(body));
    READERS.with(|readers| {
        for read in readers {
            read(&reply);
        }
        readers.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_reply_is_read(status in 200_u16..600, text in ".*", code in "[A-Za-z]{0,20}") {
            for body in [
                text.clone(),
                format!("<Error><Code>{code}</Code><Message>{text}</Message></Error>"),
                format!("{{\"Code\": {code:?}, \"Message\": {text:?}}}"),
                format!("{{\"error\": {{\"message\": {text:?}, \"errors\": [{{\"reason\": {code:?}}}]}}}}"),
            ] {
                assert_eq!(read_any_reply(status, &body), 7);
            }
        }
    }
}
