use crate::scenario::{LONG, SLOWISH_MIGRATION, Scenario};

/// The revision on top of the head, which the lab's `-next` image carries.
const NEXT_HEAD: &str = "a4f8d2c9e1b0";

/// An upgrade to an image with one more revision: a new Job, the new head, and the old pods served until then.
#[test]
fn an_upgrade_migrates_first_and_the_old_pods_serve_meanwhile() {
    let scenario = Scenario::new("next-image");
    scenario.install(&[]);
    scenario.until_ready();
    let old_api = scenario.pods_of("api")[0].uid.clone();
    let old_job = scenario.pods_of("migrate")[0].uid.clone();

    scenario.install(&["image.api.tag=1.16.1-next", SLOWISH_MIGRATION]);
    let served_during = scenario.until("the new migration under way", LONG, || {
        let migrating = scenario
            .pods_of("migrate")
            .iter()
            .any(|pod| pod.uid != old_job && pod.main_started().is_some() && !pod.succeeded());
        migrating.then(|| scenario.pods_of("api").iter().any(|pod| pod.uid == old_api && pod.ready))
    });
    assert!(served_during, "{}", scenario.situation());

    scenario.until("the new api alone", LONG, || {
        let pods = scenario.pods_of("api");
        (pods.len() == 1 && pods[0].ready && pods[0].uid != old_api).then_some(())
    });
    let new_job = scenario.pods_of("migrate").into_iter().find(|pod| pod.uid != old_job).expect("a new Job");
    assert!(new_job.succeeded(), "{}", scenario.situation());
    let migrated = new_job.main[0].finished.expect("its end");
    let started = scenario.pods_of("api")[0].main_started().expect("its start");
    assert!(migrated <= started, "{}", scenario.situation());
    let revision = scenario.sql("dify-postgresql-0", "dify", "SELECT version_num FROM alembic_version");
    assert_eq!(revision, NEXT_HEAD);
    scenario.assert_no_restarts();
}
