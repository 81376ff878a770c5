use std::time::Duration;

use crate::scenario::{EXTERNAL_POSTGRES, LONG, Scenario};

/// A wrong password ends with the right sentence in a termination message, the api is never started, and the
/// same release becomes Ready once the Secret is corrected.
#[test]
fn a_wrong_password_is_named_and_heals_without_a_reinstall() {
    let scenario = Scenario::new("wrong-password");
    scenario.apply("postgres");
    let set_password = |password: &str| {
        let patch = format!(r#"{{"stringData":{{"password":"{password}"}}}}"#);
        scenario.kubectl(&["patch", "secret", "postgres", "-p", &patch]).expect("the Secret changes");
    };
    scenario.until("PostgreSQL", LONG, || {
        let ready = ["wait", "pod", "-l", "app=postgres", "--for=condition=Ready", "--timeout=5s"];
        scenario.kubectl(&ready).ok()
    });
    set_password("not-the-password");
    scenario.install(&[&EXTERNAL_POSTGRES[..], &["preflight.grace=5s"]].concat());

    // The api's gate meets the database as the vector store; beat knows it only as the application's.
    for (component, container, variable) in
        [("api", "gate", "PGVECTOR_PASSWORD"), ("beat", "wait-migrations", "DB_PASSWORD")]
    {
        let message = scenario.until("a termination message", LONG, || {
            let container = scenario.container(component, container)?;
            container.message.filter(|message| message.contains("28P01"))
        });
        assert!(message.contains("wrong password for user \"dify\""), "{message}");
        assert!(message.contains(variable), "{message}");
        assert!(!message.contains("not-the-password"), "the password is in the message");
    }
    let started = scenario.pods_of("api").iter().any(|pod| pod.main_started().is_some());
    assert!(!started, "{}", scenario.situation());

    set_password("lab-postgres-password");
    // The kubelet's pause between two attempts of a container may have grown to some minutes.
    scenario.until("Ready with the right password", LONG + Duration::from_mins(2), || {
        scenario.pods().iter().all(lab::pods::Pod::settled).then_some(())
    });
}
