//! What must hold for the objects of every value set.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Helm, Object, borrowed, objects, root, value_sets};

/// Every value set, and the defaults under the longest name that a release can have.
fn installations() -> Vec<(String, Vec<Object>)> {
    let mut all: Vec<(String, Vec<Object>)> = value_sets()
        .into_iter()
        .map(|(name, arguments)| (name, objects(&Helm::Newest.render(&borrowed(&arguments)))))
        .collect();
    let long = format!("fullnameOverride={}", "n".repeat(60));
    all.push(("long name".to_owned(), objects(&Helm::Newest.render(&["--set", &long]))));
    all
}

fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(map) => map.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}

fn list<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    value.pointer(pointer).and_then(Value::as_array).map(|items| items.iter().collect()).unwrap_or_default()
}

fn containers(pod: &Value) -> Vec<&Value> {
    let mut all = list(pod, "/initContainers");
    all.extend(list(pod, "/containers"));
    all
}

#[test]
fn names_are_unique_and_short_enough_for_what_is_derived_from_them() {
    for (set, objects) in installations() {
        let mut seen = BTreeSet::new();
        for object in &objects {
            assert!(seen.insert(object.key()), "{set}: {} twice", object.key());
            // A StatefulSet's pods carry its name and ten characters more in a label.
            let room = if object.kind == "StatefulSet" { 52 } else { 63 };
            assert!(object.name.len() <= room, "{set}: {} is too long", object.name);
            assert_eq!(object.value["metadata"]["namespace"], "dify", "{set}: {}", object.key());
        }
    }
}

#[test]
fn nothing_is_left_unsaid_or_floating() {
    for (set, objects) in installations() {
        for object in &objects {
            for bad in ["<no value>", "%!", "e+0", "<nil>", ":latest", "difyai123456"] {
                assert!(!object.text.contains(bad), "{set}: {} holds {bad}", object.key());
            }
            // Only what `helm test` runs: no part of an installation may be one.
            let hook = object.value["metadata"]["annotations"]["helm.sh/hook"].as_str();
            assert!(
                hook.is_none() || hook == Some("test") && object.kind == "Pod",
                "{set}: {}",
                object.key()
            );
            if let Some(pod) = object.pod() {
                for container in containers(pod) {
                    let image = container["image"].as_str().expect("an image");
                    let name = image.rsplit('/').next().expect("a name");
                    assert!(name.contains(':') || image.contains('@'), "{set}: {image} has no tag");
                }
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for (set, objects) in installations() {
        let exists =
            |kind: &str, name: &str| objects.iter().any(|object| object.kind == kind && object.name == name);
        let prefix = objects.iter().find(|object| object.component() == "api").expect("an api").name.clone();
        let own = prefix.trim_end_matches("-api");
        for object in objects.iter().filter(|object| object.pod().is_some()) {
            let pod = object.pod().expect("filtered");
            for container in containers(pod) {
                for source in list(container, "/envFrom") {
                    let name = source["configMapRef"]["name"].as_str().expect("a ConfigMap");
                    assert!(exists("ConfigMap", name), "{set}: {} reads {name}", object.key());
                }
                let volumes: Vec<&str> =
                    list(pod, "/volumes").iter().filter_map(|volume| volume["name"].as_str()).collect();
                let claims: Vec<&str> = list(&object.value, "/spec/volumeClaimTemplates")
                    .iter()
                    .filter_map(|claim| claim["metadata"]["name"].as_str())
                    .collect();
                for mount in list(container, "/volumeMounts") {
                    let name = mount["name"].as_str().expect("a volume");
                    assert!(
                        volumes.contains(&name) || claims.contains(&name),
                        "{set}: {} mounts {name}",
                        object.key()
                    );
                }
                let mut names = BTreeSet::new();
                for variable in list(container, "/env") {
                    assert!(
                        names.insert(variable["name"].as_str()),
                        "{set}: {variable} twice in {}",
                        object.key()
                    );
                    if let Some(secret) =
                        variable.pointer("/valueFrom/secretKeyRef/name").and_then(Value::as_str)
                    {
                        known_secret(&set, &objects, own, secret);
                    }
                }
            }
            for volume in list(pod, "/volumes") {
                if let Some(claim) =
                    volume.pointer("/persistentVolumeClaim/claimName").and_then(Value::as_str)
                {
                    // Any other name is of a claim of the user's.
                    let ours = claim.starts_with(own);
                    assert!(
                        !ours || exists("PersistentVolumeClaim", claim),
                        "{set}: {} mounts {claim}",
                        object.key()
                    );
                }
                for source in list(volume, "/projected/sources") {
                    // The CA bundle is the user's own, in a ConfigMap or a Secret.
                    if source["configMap"]["name"] != "company-ca" {
                        known_secret(
                            &set,
                            &objects,
                            own,
                            source["secret"]["name"].as_str().expect("a Secret"),
                        );
                    }
                }
            }
            if let Some(account) = pod["serviceAccountName"].as_str() {
                // The examples call the user's own account `dify`.
                assert!(account == "dify" || exists("ServiceAccount", account), "{set}: {account}");
            }
        }
        for object in objects.iter().filter(|object| object.kind == "Service") {
            let selector = object.value["spec"]["selector"].as_object().expect("a selector");
            let target = objects
                .iter()
                .filter(|other| ["Deployment", "StatefulSet"].contains(&other.kind.as_str()))
                .any(|other| {
                    selector.iter().all(|(key, value)| {
                        &other.value["spec"]["template"]["metadata"]["labels"][key] == value
                    })
                });
            assert!(target, "{set}: Service {} selects nothing", object.name);
        }
    }
}

/// A Secret of the release is rendered, or made by its keys job; any other belongs to the user.
fn known_secret(set: &str, objects: &[Object], own: &str, name: &str) {
    if name == format!("{own}-values") {
        assert!(objects.iter().any(|object| object.kind == "Secret" && object.name == name), "{set}: {name}");
    } else if name == format!("{own}-keys") {
        let job = objects.iter().any(|object| object.kind == "Job" && object.component() == "keys");
        assert!(job, "{set}: nobody makes {name}");
    }
}

#[test]
fn the_keys_job_makes_exactly_the_keys_that_pods_read_from_it() {
    for (set, objects) in installations() {
        let mut read = BTreeSet::new();
        let mut made = BTreeSet::new();
        for pod in objects.iter().filter_map(Object::pod) {
            for container in containers(pod) {
                for variable in list(container, "/env") {
                    let reference = &variable["valueFrom"]["secretKeyRef"];
                    if reference["name"].as_str().is_some_and(|name| name.ends_with("-keys")) {
                        read.insert(reference["key"].as_str().expect("a key").to_owned());
                    }
                }
                for word in list(container, "/command").iter().filter_map(|word| word.as_str()) {
                    if let Some(key) = word.strip_prefix("--key=") {
                        made.insert(key.to_owned());
                    }
                }
            }
        }
        assert_eq!(read, made, "{set}");
        for key in &made {
            assert!(
                topology::shared_key(key).is_some_and(|key| key.generated),
                "{set}: {key} cannot be made up"
            );
        }
    }
}

/// The claims that a pod mounts.
fn claims(pod: &Value) -> Vec<&str> {
    list(pod, "/volumes")
        .iter()
        .filter_map(|volume| volume["persistentVolumeClaim"]["claimName"].as_str())
        .collect()
}

/// A volume that one node alone can have holds a pod back for ever that was put on another.
#[test]
fn pods_that_share_a_volume_go_to_one_node() {
    let mut seen = 0;
    for (set, objects) in installations() {
        let of_one_node: BTreeSet<String> = objects
            .iter()
            .filter(|object| {
                object.kind == "PersistentVolumeClaim"
                    && ["api", "plugin-daemon"].contains(&object.component())
                    && object.value["spec"]["accessModes"][0] == "ReadWriteOnce"
            })
            .filter_map(|object| object.value["metadata"]["name"].as_str().map(str::to_owned))
            .collect();
        let holders: Vec<&Object> = objects
            .iter()
            .filter(|object| {
                object.pod().is_some_and(|pod| claims(pod).iter().any(|claim| of_one_node.contains(*claim)))
            })
            .collect();
        for object in &holders {
            let pod = object.pod().expect("filtered");
            let term = &pod["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][0];
            if pod["affinity"].get("nodeAffinity").is_some() {
                // The user's own.
                continue;
            }
            assert_eq!(term["topologyKey"], "kubernetes.io/hostname", "{set}: {}", object.key());
            let names = list(term, "/labelSelector/matchExpressions/0/values");
            // Also itself: the first one finds nobody.
            for other in &holders {
                assert!(
                    names.iter().any(|name| *name == other.component()),
                    "{set}: {} and {}",
                    object.key(),
                    other.key()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

/// The release that a set installs, by the tag of its api image.
#[allow(clippy::expect_used, reason = "a test's own")]
fn release_of(objects: &[Object]) -> &'static topology::Release {
    let tag = objects
        .iter()
        .filter(|object| object.component() == "api")
        .filter_map(|object| object.pod()?["containers"][0]["image"].as_str())
        .find_map(|image| image.split('@').next()?.rsplit_once(':').map(|(_, tag)| tag.to_owned()));
    let newest = topology::release("1.16.1").expect("described");
    tag.as_deref().and_then(topology::release).unwrap_or(newest)
}

#[test]
fn init_containers_prove_what_the_topology_says() {
    for (set, objects) in installations() {
        let release = release_of(&objects);
        // What `helm test` runs is asked for when all stand: it waits for nothing.
        for object in objects.iter().filter(|object| object.pod().is_some() && object.kind != "Pod") {
            let Some(component) = release.component(object.component()) else { panic!("{}", object.key()) };
            let pod = object.pod().expect("filtered");
            let names: Vec<&str> = list(pod, "/initContainers")
                .iter()
                .filter_map(|container| container["name"].as_str())
                .collect();
            let expected: BTreeSet<&str> =
                topology::proofs(component).into_iter().map(|proof| proof.container).collect();
            if !names.iter().any(|name| name.starts_with("check-")) {
                assert!(
                    expected.iter().all(|name| names.contains(name)),
                    "{set}: {}: {names:?}",
                    object.key()
                );
            }
            for check in topology::gate_checks(component) {
                let words: Vec<&str> = list(pod, "/initContainers")
                    .into_iter()
                    .flat_map(|container| list(container, "/command"))
                    .filter_map(Value::as_str)
                    .collect();
                assert!(
                    words.windows(check.command.len()).any(|window| window == check.command),
                    "{set}: {} does not run {:?}",
                    object.key(),
                    check.command
                );
            }
        }
    }
}

#[test]
fn pods_have_no_token_no_service_variables_and_few_rights() {
    for (set, objects) in installations() {
        for object in objects.iter().filter(|object| object.pod().is_some()) {
            let pod = object.pod().expect("filtered");
            assert_eq!(pod["enableServiceLinks"], false, "{set}: {}", object.key());
            assert_eq!(
                pod["automountServiceAccountToken"],
                object.component() == "keys",
                "{set}: {}",
                object.key()
            );
            assert_eq!(
                pod["securityContext"]["seccompProfile"]["type"],
                "RuntimeDefault",
                "{set}: {}",
                object.key()
            );
            for container in containers(pod) {
                assert!(!container["resources"]["requests"].is_null(), "{set}: {}", object.key());
                if object.component() != "sandbox" {
                    assert_eq!(
                        container["securityContext"]["allowPrivilegeEscalation"],
                        false,
                        "{set}: {}",
                        object.key()
                    );
                    assert_eq!(
                        container["securityContext"]["capabilities"]["drop"][0],
                        "ALL",
                        "{set}: {}",
                        object.key()
                    );
                }
            }
            let root = pod["securityContext"]["runAsUser"] == 0;
            assert_eq!(
                root,
                ["plugin-daemon", "sandbox"].contains(&object.component()),
                "{set}: {}",
                object.key()
            );
        }
    }
}

#[test]
fn a_literal_secret_is_in_one_object_only() {
    let rendered = Helm::Newest.render(&[
        "--set",
        "secrets.secretKey.value=canary-one-of-three,externalPostgres.enabled=true,externalPostgres.address=db",
        "--set",
        "externalPostgres.password.value=canary-two,externalRedis.enabled=true,externalRedis.host=redis",
        "--set",
        "externalRedis.password.value=canary-three",
    ]);
    for object in objects(&rendered) {
        let mut found = Vec::new();
        strings(&object.value, &mut found);
        let holds = found.iter().any(|text| text.contains("canary"));
        assert_eq!(holds, object.key() == "Secret/demo-dify-values", "{}", object.key());
    }
}

#[test]
fn a_job_is_replaced_when_its_own_content_changes_and_only_then() {
    let jobs = |arguments: &[&str]| -> BTreeSet<String> {
        let many = ["--set", "api.persistence.accessMode=ReadWriteMany"];
        objects(&Helm::Newest.render(&[&many, arguments].concat()))
            .into_iter()
            .filter(|object| object.kind == "Job")
            .map(|object| object.name)
            .collect()
    };
    let plain = jobs(&[]);
    assert_eq!(plain.len(), 3);
    assert_eq!(plain, jobs(&["--is-upgrade", "--set", "api.replicas=3,proxy.clientMaxBodySize=1g"]));
    let newer = jobs(&["--set", "image.api.tag=1.16.1-next"]);
    let replaced: Vec<&String> = newer.difference(&plain).collect();
    assert_eq!(replaced.len(), 1);
    assert!(replaced[0].contains("-migrate-"));
    let moved = jobs(&[
        "--set",
        "externalPostgres.enabled=true,externalPostgres.address=db,externalPostgres.password.existingSecret.name=db",
    ]);
    assert_eq!(moved.difference(&plain).count(), 3);
}

#[test]
fn a_new_version_of_the_chart_alone_restarts_nothing() {
    let copy = std::env::temp_dir().join(format!("chart-version-{}", std::process::id()));
    let copied = std::process::Command::new("cp").arg("-r").arg(root().join("chart")).arg(&copy).status();
    assert!(copied.expect("cp runs").success());
    let file = copy.join("Chart.yaml");
    let text = std::fs::read_to_string(&file).expect("Chart.yaml");
    let newer = text.replace("version: 0.1.0", "version: 9.9.9").replace("1.16.1", "9.9.9");
    assert_ne!(text, newer);
    std::fs::write(&file, newer).expect("a changed chart");
    let of = |chart: &str| -> Vec<(String, Value)> {
        let output = Helm::Newest.run(&[
            "template",
            "demo",
            chart,
            "--namespace",
            "dify",
            "--kube-version",
            "1.30.0",
            "--set",
            "secrets.secretKey.value=a-literal-key-000",
        ]);
        let objects = objects(&support::text(&output.stdout));
        objects.iter().map(|object| (object.key(), object.value["spec"]["template"].clone())).collect()
    };
    assert_eq!(of("chart"), of(&copy.to_string_lossy()));
    std::fs::remove_dir_all(copy).expect("cleaning up");
}

#[test]
fn selectors_are_labels_that_never_change() {
    for (set, objects) in installations() {
        for object in objects.iter().filter(|object| object.value["spec"].get("template").is_some()) {
            let Some(selector) = object.value.pointer("/spec/selector/matchLabels") else { continue };
            let labels = &object.value["spec"]["template"]["metadata"]["labels"];
            for (key, value) in selector.as_object().expect("a map") {
                assert_eq!(&labels[key], value, "{set}: {}", object.key());
                let stays = ["name", "instance", "component"]
                    .contains(&key.trim_start_matches("app.kubernetes.io/"))
                    || key == "worker-pool";
                assert!(stays, "{set}: {} selects by {key}", object.key());
            }
        }
    }
}

/// What YAML takes for a truth or a number is a name all the same.
#[test]
fn a_release_and_its_namespace_may_be_called_anything() {
    for name in ["on", "null", "123", "1e3"] {
        let arguments = ["template", name, "chart", "--namespace", name, "--kube-version", "1.30.0"];
        let output = Helm::Newest
            .run(&[&arguments[..], &["--values", "tests/chart/sets/ingress-hosts.yaml"]].concat());
        assert!(output.status.success(), "{name}: {}", support::text(&output.stderr));
        for object in objects(&support::text(&output.stdout)) {
            let said = &object.value["metadata"];
            assert_eq!(said["namespace"], name, "{}", object.key());
            assert_eq!(said["labels"]["app.kubernetes.io/instance"], name, "{}", object.key());
        }
    }
    for object in objects(&Helm::Newest.render(&[
        "--set",
        "nameOverride=no,fullnameOverride=y,networkPolicy.enabled=true,networkPolicy.defaultDeny=true",
        "--values",
        "examples/ingress.yaml",
    ])) {
        assert_eq!(object.value["metadata"]["labels"]["app.kubernetes.io/name"], "no", "{}", object.key());
        assert!(object.name.starts_with('y'), "{}", object.key());
    }
}
