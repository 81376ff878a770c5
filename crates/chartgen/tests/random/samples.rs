//! What the schema does not know: parts of Kubernetes' own API, and texts that only some readers understand.

use serde_json::{Value, json};

/// What may stand at this path, if the schema alone cannot tell.
pub(crate) fn samples(path: &str) -> Option<Vec<Value>> {
    let key = path.rsplit('.').next().unwrap_or(path);
    fragment(key).or_else(|| list(key)).or_else(|| map(key)).or_else(|| word(path, key))
}

fn probe() -> Vec<Value> {
    vec![
        json!({}),
        json!({"exec": {"command": ["true"]}, "periodSeconds": 7}),
        json!({"tcpSocket": {"port": 4321}, "failureThreshold": 2}),
    ]
}

fn fragment(key: &str) -> Option<Vec<Value>> {
    Some(match key {
        "affinity" => vec![
            json!({}),
            json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
                [{"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}}),
        ],
        "containerSecurityContext" => {
            vec![json!({}), json!({"readOnlyRootFilesystem": true}), json!({"runAsUser": 4321})]
        }
        "customLivenessProbe" | "customReadinessProbe" | "customStartupProbe" => probe(),
        "dnsConfig" => vec![
            json!({}),
            json!({"nameservers": ["192.0.2.53"], "options": [{"name": "ndots", "value": "1"}]}),
        ],
        "lifecycle" => vec![json!({}), json!({"preStop": {"exec": {"command": ["sleep", "5"]}}})],
        "podSecurityContext" => {
            vec![json!({}), json!({"fsGroup": 4321}), json!({"runAsUser": 4321, "supplementalGroups": [7]})]
        }
        "remoteRefs" => vec![json!({}), json!({"SECRET_KEY": {"key": "elsewhere", "version": "7"}})],
        "resources" => vec![
            json!({}),
            json!({"requests": {"cpu": "250m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}}),
            json!({"limits": {"cpu": 2, "memory": 1_073_741_824_u64}}),
        ],
        "timeouts" => vec![json!({}), json!({"request": "10m"})],
        "workingVolume" => {
            vec![json!({}), json!({"persistentVolumeClaim": {"claimName": "users-claim"}})]
        }
        "updateStrategy" => {
            vec![json!({}), json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}})]
        }
        _ => return None,
    })
}

fn list(key: &str) -> Option<Vec<Value>> {
    let filled = match key {
        "additionalRules" => json!([{"matches": [{"path": {"type": "PathPrefix", "value": "/extra"}}],
            "backendRefs": [{"name": "users-service", "port": 8080}]}]),
        "allowPrivateDomains" => json!(["internal.example.com", ".corp.example.com"]),
        "allowPrivateNetworks" | "loadBalancerSourceRanges" => json!(["10.1.0.0/16", "fd00::/8"]),
        "allowedSyscalls" => json!([0, 1, 59, 435]),
        "args" => json!(["--flag", "two words", "0123"]),
        "command" => json!(["sh", "-c", "exec \"$0\" # {{ x }}"]),
        "edgePeers" | "extraPeers" => json!([{"namespaceSelector": {"matchLabels": {"team": "edge"}}}]),
        "extraContainers" | "extraInitContainers" => {
            json!([{"name": "users-container", "image": "users/image:1"}])
        }
        "extraEnv" => json!([{"name": "USERS_VARIABLE", "value": "0123"},
            {"name": "USERS_SECRET", "valueFrom": {"secretKeyRef": {"name": "users-own", "key": "k"}}}]),
        "extraEnvFrom" => {
            json!([{"configMapRef": {"name": "users-map"}}, {"secretRef": {"name": "users-own"}}])
        }
        "extraObjects" => {
            json!([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "users-{{ .Release.Name }}",
            "namespace": "{{ .Release.Namespace }}"}, "data": {"a": "{{ .Values.clusterDomain }}"}}])
        }
        "extraVolumeMounts" => json!([{"name": "users-volume", "mountPath": "/users"}]),
        "extraVolumes" => json!([{"name": "users-volume", "emptyDir": {}}]),
        "filters" => {
            json!([{"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["X-Old"]}}])
        }
        "hostAliases" => json!([{"ip": "192.0.2.7", "hostnames": ["old.example.com"]}]),
        "hostnames" => json!(["dify.example.com", "*.example.com"]),
        "imagePullSecrets" => json!([{"name": "users-registry"}]),
        "nodes" | "sentinels" => json!(["redis-0.example.com:26379", "redis-1.example.com:26379"]),
        "parentRefs" => json!([{"name": "users-gateway", "namespace": "edge"}]),
        "tls" => json!([{"hosts": ["dify.example.com"], "secretName": "users-tls"}]),
        "tolerations" => json!([{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]),
        "topologySpreadConstraints" => {
            json!([{"maxSkew": 1, "topologyKey": "rack", "whenUnsatisfiable": "DoNotSchedule"}])
        }
        // A worker's queues are all of Dify's, or some of them without a pool are refused.
        "pythonPackages" => json!(["numpy==2.2.1", "mine @ https://x.example.com/m.whl#sha256=0 \"'{{"]),
        "queues" => return Some(vec![json!([])]),
        _ => return None,
    };
    Some(vec![json!([]), filled])
}

fn map(key: &str) -> Option<Vec<Value>> {
    Some(match key {
        "annotations" | "podAnnotations" | "commonAnnotations" => {
            vec![json!({}), json!({"example.com/a": "true", "example.com/b": "it's \"x\": # {{ y }}"})]
        }
        "labels" | "podLabels" | "commonLabels" | "alertLabels" => {
            vec![json!({}), json!({"example.com/team": "0123", "tier": "true"})]
        }
        "nodeSelector" => vec![json!({}), json!({"example.com/pool": "true", "size": "4"})],
        // Filled by what the chart asks for.
        "settings" | "secrets" => vec![json!({})],
        _ => return None,
    })
}

fn word(path: &str, key: &str) -> Option<Vec<Value>> {
    let words: &[&str] = match key {
        "size" => &["8Gi", "500Mi", "20G"],
        "storageClass" => &["", "-", "fast"],
        _ if path.ends_with("bucketName.api") || path.ends_with("bucketName.pluginDaemon") => {
            &["dify-1250000000", "plugins-1250000001"]
        }
        "priorityClassName" | "runtimeClassName" | "schedulerName" | "serviceAccountName" => {
            &["", "users-name"]
        }
        "consoleApiDomain" | "consoleWebDomain" | "serviceApiDomain" | "appApiDomain" | "appWebDomain"
        | "filesDomain" | "triggerDomain" => {
            &["", "http://dify.example.com:8080", "https://dify.example.com"]
        }
        "address" if !path.contains("keda") => &["db.example.com", "192.0.2.9"],
        "host" if path == "externalRedis.host" => &["redis.example.com"],
        "tag" => &["1.16.1", "1.16.1-own", "2024", "1.10"],
        "clusterIP" => &["", "None", "10.96.0.99"],
        "loadBalancerIP" => &["", "192.0.2.1"],
        _ => return None,
    };
    Some(words.iter().map(|word| json!(word)).collect())
}
