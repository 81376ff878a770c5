use crate::scenario::{EXTERNAL_S3, LONG, Scenario};

/// A missing bucket and right credentials: it is made and used.
#[test]
fn a_missing_bucket_is_created_with_the_right_credentials() {
    let scenario = Scenario::new("bucket-right");
    scenario.apply("s3");
    scenario.install(&EXTERNAL_S3);
    scenario.until_ready();
    scenario.assert_no_restarts();
    scenario.assert_order();
    let said = scenario
        .container("bootstrap", "bootstrap")
        .and_then(|container| container.message)
        .unwrap_or_default();
    assert!(said.contains("dify-files"), "{said}");
}

/// Wrong credentials: one clear sentence, and the api is never started.
#[test]
fn wrong_s3_credentials_are_named() {
    let scenario = Scenario::new("bucket-wrong");
    scenario.apply("s3");
    let wrong = ["externalS3.secretKey.value=not-the-secret-key", "preflight.grace=5s"];
    let settings: Vec<&str> = EXTERNAL_S3
        .iter()
        .copied()
        .filter(|setting| !setting.starts_with("externalS3.secretKey"))
        .chain(wrong)
        .collect();
    scenario.install(&settings);
    let message = scenario.until("a termination message", LONG, || {
        let container = scenario.container("api", "gate")?;
        container.message.filter(|message| message.contains("SignatureDoesNotMatch"))
    });
    assert!(message.contains("S3_SECRET_KEY"), "{message}");
    assert!(!message.contains("not-the-secret-key"), "the key is in the message");
    let started = scenario.pods_of("api").iter().any(|pod| pod.main_started().is_some());
    assert!(!started, "{}", scenario.situation());
}
