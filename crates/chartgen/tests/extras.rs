//! What users may add to every pod arrives there, in every section, whatever it says.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fmt::Write as _;

use serde_json::Value;
use support::{Helm, kubeconform, objects, text};

/// The sections of the values that describe pods, and the component of each.
const SECTIONS: [(&str, &str); 15] = [
    ("api", "api"),
    ("apiWebsocket", "api-websocket"),
    ("worker", "worker"),
    ("beat", "beat"),
    ("web", "web"),
    ("proxy", "nginx"),
    ("sandbox", "sandbox"),
    ("ssrfProxy", "ssrf-proxy"),
    ("pluginDaemon", "plugin-daemon"),
    ("agentBackend", "agent-backend"),
    ("localSandbox", "local-sandbox"),
    ("agentSsrfProxy", "agent-ssrf-proxy"),
    ("postgresql", "postgresql"),
    ("redis", "redis"),
    ("weaviate", "weaviate"),
];

/// All of it at once, with texts that YAML reads as something else where nobody quotes them.
fn everything(section: &str) -> String {
    format!(
        r#"{section}:
  extraEnv: [{{name: MINE, value: "yes: {{{{ no }}}}\n"}}]
  extraEnvFrom: [{{secretRef: {{name: mine-from}}}}]
  extraVolumes: [{{name: mine, configMap: {{name: mine-ca}}}}]
  extraVolumeMounts: [{{name: mine, mountPath: /mine}}]
  extraInitContainers: [{{name: mine-first, image: busybox:1.36}}]
  extraContainers: [{{name: mine-beside, image: busybox:1.36}}]
  podAnnotations: {{mine: "0123"}}
  podLabels: {{mine: "1e3"}}
  nodeSelector: {{mine: "on"}}
  tolerations: [{{key: mine, operator: Exists}}]
  affinity: {{nodeAffinity: {{}}}}
  topologySpreadConstraints:
    - {{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}}
  priorityClassName: "123"
  runtimeClassName: "1e3"
  schedulerName: "off"
  dnsConfig: {{nameservers: [10.0.0.2]}}
  shareProcessNamespace: true
  hostAliases: [{{ip: 10.0.0.1, hostnames: [mine]}}]
  serviceAccountName: "no"
  podSecurityContext: {{runAsUser: 4711}}
  containerSecurityContext: {{runAsUser: 4712}}
"#
    )
}

#[test]
fn all_that_may_be_added_to_a_pod_arrives_in_every_one() {
    let mut values = String::new();
    for (section, _) in SECTIONS {
        values.push_str(&everything(section));
    }
    let values = values.replace("agentBackend:\n", "agentBackend:\n  enabled: true\n");
    let values = values.replace("weaviate:\n", "weaviate:\n  enabled: true\n");
    let values =
        values.replace("apiWebsocket:\n", "apiWebsocket:\n  enabled: true\n  socketUrl: wss://dify\n");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &values).expect("the values");
    let path = file.path().display().to_string();
    // With S3 a pod's own volumes are gone; the user's stay.
    let s3 = "externalS3.enabled=true,externalS3.useIAM=true,externalS3.bucketName.api=b,externalS3.bucketName.pluginDaemon=p";
    for arguments in [vec!["--values", &path], vec!["--values", &path, "--set", s3]] {
        let rendered = Helm::Newest.render(&arguments);
        assert_eq!(rendered, Helm::Oldest.render(&arguments));
        for (section, component) in SECTIONS {
            arrived(section, component, &rendered);
        }
        if let Err(complaint) = kubeconform("1.23.0", &rendered) {
            panic!("{complaint}");
        }
    }
}

fn arrived(section: &str, component: &str, rendered: &str) {
    let objects = objects(rendered);
    let object = objects
        .iter()
        .find(|object| {
            object.component() == component && ["Deployment", "StatefulSet"].contains(&object.kind.as_str())
        })
        .unwrap_or_else(|| panic!("no pods of {component}"));
    let template = &object.value["spec"]["template"];
    let pod = &template["spec"];
    let main = &pod["containers"][0];
    let mut missing = String::new();
    let mut holds = |what: &str, value: &Value, wanted: Value| {
        let found = match value {
            Value::Array(items) => items.contains(&wanted),
            other => *other == wanted,
        };
        if !found {
            let _ = writeln!(missing, "{section}.{what}: {value}");
        }
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    holds("extraEnv", &main["env"], json(r#"{"name": "MINE", "value": "yes: {{ no }}\n"}"#));
    holds("extraEnvFrom", &main["envFrom"], json(r#"{"secretRef": {"name": "mine-from"}}"#));
    holds("extraVolumes", &pod["volumes"], json(r#"{"name": "mine", "configMap": {"name": "mine-ca"}}"#));
    holds("extraVolumeMounts", &main["volumeMounts"], json(r#"{"name": "mine", "mountPath": "/mine"}"#));
    holds(
        "extraInitContainers",
        &pod["initContainers"],
        json(r#"{"name": "mine-first", "image": "busybox:1.36"}"#),
    );
    holds("extraContainers", &pod["containers"], json(r#"{"name": "mine-beside", "image": "busybox:1.36"}"#));
    holds("podAnnotations", &template["metadata"]["annotations"]["mine"], json(r#""0123""#));
    holds("podLabels", &template["metadata"]["labels"]["mine"], json(r#""1e3""#));
    holds("nodeSelector", &pod["nodeSelector"]["mine"], json(r#""on""#));
    holds("tolerations", &pod["tolerations"], json(r#"{"key": "mine", "operator": "Exists"}"#));
    holds("affinity", &pod["affinity"], json(r#"{"nodeAffinity": {}}"#));
    holds(
        "topologySpreadConstraints",
        &pod["topologySpreadConstraints"][0]["topologyKey"],
        json(r#""zone""#),
    );
    holds("priorityClassName", &pod["priorityClassName"], json(r#""123""#));
    holds("runtimeClassName", &pod["runtimeClassName"], json(r#""1e3""#));
    holds("schedulerName", &pod["schedulerName"], json(r#""off""#));
    holds("dnsConfig", &pod["dnsConfig"]["nameservers"], json(r#""10.0.0.2""#));
    holds("shareProcessNamespace", &pod["shareProcessNamespace"], json("true"));
    holds("hostAliases", &pod["hostAliases"][0]["ip"], json(r#""10.0.0.1""#));
    holds("serviceAccountName", &pod["serviceAccountName"], json(r#""no""#));
    holds("podSecurityContext", &pod["securityContext"], json(r#"{"runAsUser": 4711}"#));
    holds("containerSecurityContext", &main["securityContext"], json(r#"{"runAsUser": 4712}"#));
    assert!(missing.is_empty(), "{missing}");
    let own = pod["initContainers"].as_array().is_some_and(|all| all[0]["name"] == "mine-first");
    let checks = ![
        "nginx",
        "web",
        "sandbox",
        "ssrf-proxy",
        "agent-ssrf-proxy",
        "local-sandbox",
        "postgresql",
        "redis",
        "weaviate",
    ]
    .contains(&component);
    assert_ne!(own, checks, "{component}: the chart's checks run before what the user adds");
}

/// What may be said of the main container of a component of Dify.
const CONTAINER: &str = r#"  command: [mine, "0123"]
  args: ["no"]
  lifecycle: {preStop: {exec: {command: [mine]}}}
  customStartupProbe: {exec: {command: [mine-startup]}}
  customReadinessProbe: {exec: {command: [mine-readiness]}}
  customLivenessProbe: {exec: {command: [mine-liveness]}}
  terminationGracePeriodSeconds: 4711
"#;

fn all_sections(but: &[&str], text: &str) -> tempfile::NamedTempFile {
    let mut values = String::new();
    for (section, _) in SECTIONS.iter().filter(|(section, _)| !but.contains(section)) {
        let _ = write!(values, "{section}:\n{text}");
    }
    let values = values.replace("agentBackend:\n", "agentBackend:\n  enabled: true\n");
    let values =
        values.replace("apiWebsocket:\n", "apiWebsocket:\n  enabled: true\n  socketUrl: wss://dify\n");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &values).expect("the values");
    file
}

/// The pods of Deployments, by component.
fn deployments(rendered: &str) -> impl Iterator<Item = (String, Value)> {
    objects(rendered)
        .into_iter()
        .filter(|object| object.kind == "Deployment")
        .map(|object| (object.component().to_owned(), object.value["spec"]["template"]["spec"].clone()))
}

#[test]
fn what_is_said_of_the_main_container_takes_the_place_of_the_chart_s_own() {
    let file = all_sections(&["postgresql", "redis", "weaviate"], CONTAINER);
    let rendered = Helm::Newest.render(&["--values", &file.path().display().to_string()]);
    let mut seen = 0;
    for (component, pod) in deployments(&rendered) {
        let main = &pod["containers"][0];
        assert_eq!(main["command"], serde_json::json!(["mine", "0123"]), "{component}");
        assert_eq!(main["args"], serde_json::json!(["no"]), "{component}");
        assert_eq!(main["lifecycle"]["preStop"]["exec"]["command"][0], "mine", "{component}");
        for probe in ["startup", "readiness", "liveness"] {
            let asked = serde_json::json!({"exec": {"command": [format!("mine-{probe}")]}});
            assert_eq!(main[format!("{probe}Probe")], asked, "{component}");
        }
        assert_eq!(pod["terminationGracePeriodSeconds"], 4711, "{component}");
        seen += 1;
    }
    assert_eq!(seen, 12);
}

#[test]
fn a_probe_can_be_slower_or_left_out() {
    let text =
        "  startupProbe: {periodSeconds: 7, failureThreshold: 11}\n  livenessProbe: {enabled: false}\n";
    let file = all_sections(&["postgresql", "redis", "weaviate", "worker", "beat"], text);
    for (component, pod) in
        deployments(&Helm::Newest.render(&["--values", &file.path().display().to_string()]))
    {
        if ["worker", "beat"].contains(&component.as_str()) {
            continue;
        }
        let main = &pod["containers"][0];
        assert_eq!(main["startupProbe"]["periodSeconds"], 7, "{component}");
        assert_eq!(main["startupProbe"]["failureThreshold"], 11, "{component}");
        assert!(main["startupProbe"].get("enabled").is_none(), "{component}");
        assert!(main.get("livenessProbe").is_none() && main.get("readinessProbe").is_some(), "{component}");
    }
}

#[test]
fn what_is_said_of_all_pods_arrives_and_a_component_s_own_wins() {
    let objects = objects(&Helm::Newest.render(&["--values", "examples/placement.yaml"]));
    let mut pods = 0;
    for object in &objects {
        let labels = &object.value["metadata"]["labels"];
        assert_eq!(labels["example.com/team"], "ai-platform", "{}", object.key());
        let annotations = &object.value["metadata"]["annotations"];
        assert_eq!(annotations["example.com/contact"], "ai-platform@example.com", "{}", object.key());
        let Some(pod) = object.pod() else { continue };
        pods += 1;
        let worker = object.component() == "worker";
        let (pool, class) = if worker { ("dify-spot", "batch") } else { ("dify", "business-apps") };
        assert_eq!(pod["nodeSelector"]["node.example.com/pool"], pool, "{}", object.key());
        assert_eq!(pod["nodeSelector"]["kubernetes.io/os"], "linux", "{}", object.key());
        assert_eq!(pod["priorityClassName"], class, "{}", object.key());
        let tolerations = pod["tolerations"].as_array().map(Vec::len);
        assert_eq!(tolerations, Some(if worker { 2 } else { 1 }), "{}", object.key());
        if object.kind == "Deployment" {
            let env = pod["containers"][0]["env"].as_array().expect("variables");
            assert!(env.contains(&serde_json::json!({"name": "TZ", "value": "Europe/Berlin"})));
        }
    }
    assert!(pods > 12, "{pods}");
}

#[test]
fn the_user_s_variables_never_change_the_chart_s_own_by_accident() {
    let rendered = Helm::Newest.render(&["--set", "api.extraEnvFrom[0].configMapRef.name=mine"]);
    let objects = objects(&rendered);
    let api = objects.iter().find(|object| object.key() == "Deployment/demo-dify-api").expect("the api");
    let sources = api.value.pointer("/spec/template/spec/containers/0/envFrom").expect("envFrom");
    assert_eq!(sources[0]["configMapRef"]["name"], "mine");
    assert_eq!(sources[1]["configMapRef"]["name"], "demo-dify-api", "Kubernetes takes the last one");
}

#[test]
fn a_misspelt_addition_is_named() {
    let output = Helm::Newest.template(&["--set", "worker.extraVolume=x"]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("extraVolume"), "{}", text(&output.stderr));
}

#[test]
fn objects_of_the_user_s_own_come_along_and_know_the_release() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let values = r#"
extraObjects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: "{{ .Release.Name }}-mine", namespace: "{{ .Release.Namespace }}"}
    data: {plain: "no: 'template", cluster: "{{ .Values.clusterDomain }}"}
  - apiVersion: v1
    kind: Secret
    metadata: {name: second, namespace: dify}
"#;
    std::fs::write(file.path(), values).expect("the values");
    let path = file.path().display().to_string();
    let rendered = Helm::Newest.render(&["--values", &path]);
    assert_eq!(rendered, Helm::Oldest.render(&["--values", &path]));
    let objects = objects(&rendered);
    let mine = objects.iter().find(|object| object.key() == "ConfigMap/demo-mine").expect("the first");
    assert_eq!(mine.value["metadata"]["namespace"], "dify");
    assert_eq!(mine.value["data"], serde_json::json!({"plain": "no: 'template", "cluster": "cluster.local"}));
    assert!(objects.iter().any(|object| object.key() == "Secret/second"));
}

#[test]
fn a_variable_that_is_given_twice_is_there_once_as_the_nearer_one_says() {
    let twice = r#"global.extraEnv=[{"name":"TZ","value":"far"},{"name":"BOTH","value":"kept"}]"#;
    let api = r#"api.extraEnv=[{"name":"TZ","value":"near"},{"name":"OWN","value":"$(BOTH)"}]"#;
    let migration = r#"migration.extraEnv=[{"name":"TZ","value":"nearest"}]"#;
    let all = support::objects(&Helm::Newest.render(&[
        "--set-json",
        twice,
        "--set-json",
        api,
        "--set-json",
        migration,
    ]));
    let given = |kind: &str, component: &str| -> Vec<(String, String)> {
        let of = |object: &&support::Object| object.kind == kind && object.component() == component;
        let pod = all.iter().find(of).and_then(support::Object::pod).cloned().unwrap_or_default();
        let main = pod["containers"].as_array().into_iter().flatten().find(|one| one["name"] == component);
        let env = main.and_then(|main| main["env"].as_array()).cloned().unwrap_or_default();
        let ours = ["TZ", "BOTH", "OWN"];
        let text = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        env.iter()
            .map(|one| (text(one, "name"), text(one, "value")))
            .filter(|(name, _)| ours.contains(&name.as_str()))
            .collect()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        given("Deployment", "api"),
        [pair("BOTH", "kept"), pair("TZ", "near"), pair("OWN", "$(BOTH)")]
    );
    assert_eq!(
        given("Job", "migrate"),
        [pair("BOTH", "kept"), pair("OWN", "$(BOTH)"), pair("TZ", "nearest")]
    );
    assert_eq!(given("Deployment", "web"), [pair("TZ", "far"), pair("BOTH", "kept")]);
}
