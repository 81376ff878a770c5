//! What every scenario does: a namespace, a release in it, and questions to the API.

use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use lab::Cluster;
use lab::pods::{Container, Pod};
use topology::Release;

/// The name of every scenario's release.
pub(crate) const RELEASE: &str = "dify";
/// Long enough for two cores that run two scenarios.
pub(crate) const LONG: Duration = Duration::from_mins(6);

/// Settings for `manifests/postgres.yaml`.
pub(crate) const EXTERNAL_POSTGRES: [&str; 5] = [
    "externalPostgres.enabled=true",
    "externalPostgres.address=postgres",
    "externalPostgres.username=dify",
    "externalPostgres.password.existingSecret.name=postgres",
    "externalPostgres.password.existingSecret.key=password",
];

/// Settings for `manifests/redis.yaml`.
pub(crate) const EXTERNAL_REDIS: [&str; 3] = [
    "externalRedis.enabled=true",
    "externalRedis.host=redis",
    "externalRedis.password.value=lab-redis-password",
];

/// Settings for `manifests/sentinel.yaml`.
pub(crate) const EXTERNAL_SENTINEL: [&str; 7] = [
    "externalRedis.enabled=true",
    "externalRedis.password.value=lab-redis-password",
    "externalRedis.sentinel.enabled=true",
    "externalRedis.sentinel.masterSet=mymaster",
    "externalRedis.sentinel.sentinels={sentinel-0.sentinel:26379,sentinel-1.sentinel:26379,sentinel-2.sentinel:26379}",
    "externalRedis.sentinel.password.value=lab-sentinel-password",
    "externalRedis.eventBusUrl.value=redis://:lab-redis-password@redis-master-only:6379/0",
];

/// Settings for `manifests/s3.yaml`.
pub(crate) const EXTERNAL_S3: [&str; 7] = [
    "externalS3.enabled=true",
    "externalS3.endpoint=http://s3:9000",
    "externalS3.bucketName.api=dify-files",
    "externalS3.bucketName.pluginDaemon=dify-plugins",
    "externalS3.pathStyle=true",
    "externalS3.accessKey.value=lab-access-key",
    "externalS3.secretKey.value=lab-secret-key",
];

/// Settings that make one revision of the lab's schema take a minute, or a third of one. JSON, because an
/// environment variable's value is a string and `--set` would make it a number.
pub(crate) const SLOW_MIGRATION: &str =
    r#"migration.extraEnv=[{"name":"STANDIN_MIGRATION_SECONDS","value":"60"}]"#;
/// See [`SLOW_MIGRATION`].
pub(crate) const SLOWISH_MIGRATION: &str =
    r#"migration.extraEnv=[{"name":"STANDIN_MIGRATION_SECONDS","value":"20"}]"#;

/// One scenario under way.
pub(crate) struct Scenario {
    pub(crate) cluster: Cluster,
    pub(crate) namespace: String,
}

impl Scenario {
    /// A fresh namespace.
    pub(crate) fn new(name: &str) -> Self {
        let cluster = Cluster { kubeconfig: None, context: std::env::var("LAB_CONTEXT").ok() };
        let namespace = format!("e2e-{name}");
        cluster
            .kubectl(&["delete", "namespace", &namespace, "--ignore-not-found", "--wait", "--timeout=120s"])
            .expect("an old namespace goes");
        cluster.kubectl(&["create", "namespace", &namespace]).expect("a new namespace");
        let scenario = Self { cluster, namespace };
        // Pods are forbidden until the controller has made the default account.
        scenario.until("the default service account", Duration::from_secs(30), || {
            scenario.kubectl(&["get", "serviceaccount", "default"]).is_ok().then_some(())
        });
        scenario
    }

    /// `kubectl` in the namespace.
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> Result<String, lab::Error> {
        self.cluster.kubectl(&[&["-n", &self.namespace], arguments].concat())
    }

    /// Applies `manifests/NAME.yaml`.
    pub(crate) fn apply(&self, name: &str) {
        let file = package().join("manifests").join(format!("{name}.yaml"));
        self.kubectl(&["apply", "-f", &file.to_string_lossy()]).expect("the manifest applies");
    }

    /// Arguments of a `helm` command for the release, with the lab's values and more settings.
    pub(crate) fn helm_arguments(&self, verb: &[&str], settings: &[&str]) -> Vec<String> {
        let chart = package().join("../../chart");
        let values = package().join("values.yaml");
        let mut arguments: Vec<String> = verb.iter().map(|&word| word.to_owned()).collect();
        arguments.extend([RELEASE.to_owned(), path(&chart), "-n".to_owned(), self.namespace.clone()]);
        arguments.extend(["-f".to_owned(), path(&values)]);
        arguments.extend(settings.iter().flat_map(|&setting| [flag(setting).to_owned(), setting.to_owned()]));
        arguments
    }

    /// Runs `helm VERB` for the release.
    pub(crate) fn helm(&self, verb: &[&str], settings: &[&str]) -> String {
        let arguments = self.helm_arguments(verb, settings);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.cluster.helm(&arguments).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs `helm test`; what its containers said.
    pub(crate) fn helm_test(&self) -> Result<String, String> {
        let outcome = self.cluster.helm(&["test", RELEASE, "-n", &self.namespace, "--timeout", "2m"]);
        let logs = ["dependencies", "setup"].map(|container| {
            self.kubectl(&["logs", "dify-test", "--container", container]).unwrap_or_default()
        });
        match outcome {
            Ok(_) => Ok(logs.concat()),
            Err(error) => Err(format!("{error}\n{}", logs.concat())),
        }
    }

    /// Installs or upgrades, without waiting.
    pub(crate) fn install(&self, settings: &[&str]) {
        self.helm(&["upgrade", "--install"], settings);
    }

    /// All pods of the release that are not on their way out.
    pub(crate) fn pods(&self) -> Vec<Pod> {
        let pods = Pod::of_release(&self.cluster, &self.namespace, RELEASE).expect("a list of pods");
        pods.into_iter().filter(|pod| !pod.deleting).collect()
    }

    /// The pods of one component.
    pub(crate) fn pods_of(&self, component: &str) -> Vec<Pod> {
        self.pods().into_iter().filter(|pod| pod.component == component).collect()
    }

    /// A container of a component's first pod.
    pub(crate) fn container(&self, component: &str, name: &str) -> Option<Container> {
        let pod = self.pods_of(component).into_iter().next()?;
        pod.init.into_iter().chain(pod.main).find(|container| container.name == name)
    }

    /// Waits until all pods are Ready or done.
    pub(crate) fn until_ready(&self) -> Vec<Pod> {
        self.until("all pods Ready", LONG, || {
            let pods = self.pods();
            (pods.iter().any(|pod| pod.component == "api") && pods.iter().all(Pod::settled)).then_some(pods)
        })
    }

    /// Asks again and again until there is an answer.
    pub(crate) fn until<T>(&self, what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(start.elapsed() < limit, "{what}: not within {limit:?}\n{}", self.situation());
            sleep(Duration::from_millis(500));
        }
    }

    /// Runs SQL in the built-in or the lab's own PostgreSQL.
    pub(crate) fn sql(&self, pod: &str, database: &str, statement: &str) -> String {
        let arguments = ["exec", pod, "--", "psql", "-U", "dify", "-d", database, "-Atqc", statement];
        self.kubectl(&arguments).unwrap_or_else(|error| panic!("{error}")).trim().to_owned()
    }

    /// The head that the lab's api image of a tag carries.
    pub(crate) fn head() -> &'static str {
        release().schema_head
    }

    /// Everything that helps to understand a failure.
    pub(crate) fn situation(&self) -> String {
        let pods = self.pods();
        let told = pods.iter().flat_map(|pod| {
            pod.init.iter().chain(&pod.main).filter_map(|container| {
                let message = container.message.as_deref()?.trim();
                Some(format!("{} {}: {message}", pod.name, container.name))
            })
        });
        let told: Vec<String> = told.collect();
        let events = self.kubectl(&["get", "events", "--sort-by=.lastTimestamp"]).unwrap_or_default();
        let events: Vec<&str> = events.lines().rev().take(15).collect();
        format!("{}\n{}\n{}", lab::timeline::picture(&pods), told.join("\n"), events.join("\n"))
    }

    /// No pod of the release was restarted, not even an init container.
    pub(crate) fn assert_no_restarts(&self) {
        let restarted: Vec<String> = self.pods().iter().flat_map(|pod| self.restarts_of(pod)).collect();
        // What went wrong comes last: a reader of a long log sees its end.
        assert!(restarted.is_empty(), "{}\nrestarted: {}", self.situation(), restarted.join("\n"));
    }

    /// Each container of a pod that was restarted, and what it said before.
    fn restarts_of(&self, pod: &Pod) -> Vec<String> {
        let again = pod.init.iter().chain(&pod.main).filter(|container| container.restarts > 0);
        again
            .map(|container| {
                let arguments =
                    ["logs", &pod.name, "--container", &container.name, "--previous", "--tail=20"];
                let said = self.kubectl(&arguments).unwrap_or_else(|error| error.to_string());
                let ended = container.ended_before.as_deref().unwrap_or("an end that the API has forgotten");
                let (name, times) = (&container.name, container.restarts);
                format!("{} {name}: {times} times, after {ended}; it had said:\n{said}", pod.name)
            })
            .chain((pod.restarts() > 0).then(|| self.history_of(pod)))
            .collect()
    }

    /// All events of a pod: the kubelet forgets a container's log long before.
    fn history_of(&self, pod: &Pod) -> String {
        let of = format!("involvedObject.name={}", pod.name);
        let events = ["get", "events", "--sort-by=.lastTimestamp", "--field-selector", &of];
        self.kubectl(&events).unwrap_or_else(|error| error.to_string())
    }

    /// Main containers started after what `topology` says they need, in a release that was just installed.
    pub(crate) fn assert_order(&self) {
        self.assert_order_of(release());
    }

    /// The same for another release of Dify.
    pub(crate) fn assert_order_of(&self, release: &Release) {
        let violations = lab::order::violations(&self.pods(), release);
        assert!(violations.is_empty(), "{}\n{}", violations.join("\n"), self.situation());
    }

    /// Exactly one Job has migrated, once.
    pub(crate) fn assert_one_migration(&self) {
        let pods = self.pods_of("migrate");
        let done: Vec<_> = pods.iter().filter(|pod| pod.succeeded() && pod.restarts() == 0).collect();
        assert!(pods.len() == 1 && done.len() == 1, "{}", self.situation());
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        if std::thread::panicking() || std::env::var_os("LAB_KEEP").is_some() {
            return;
        }
        let _ = self.cluster.kubectl(&["delete", "namespace", &self.namespace, "--wait=false"]);
    }
}

/// The release of Dify that the lab's stand-ins play.
pub(crate) fn release() -> &'static Release {
    topology::release("1.16.1").expect("topology knows it")
}

/// Helm's flag for a setting: one whose value is JSON has its own.
fn flag(setting: &str) -> &'static str {
    if setting.ends_with(']') { "--set-json" } else { "--set" }
}

pub(crate) fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
