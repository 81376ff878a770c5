//! What each component had.

use super::Rule::{self, By, Dropped, Only, Refused};
use crate::migrate::{carry, extra_env};

const ALWAYS: Rule = Only("true", "the chart always runs it; set its replicas to 0");
const PROBES: Rule = By(carry::probe, "the chart brings its own probes, which fit its start order");
const CUSTOM: Rule = Refused("the chart's probes cannot be replaced: they fit its start order");
const LOG_VOLUME: Rule = Refused("it logs to its output, where the cluster collects it");
const SERVICE: Rule = Refused("Services inside the installation are the chart's own");

pub(super) const RULES: super::Rules = &[
    ("api.enabled", ALWAYS),
    ("worker.enabled", ALWAYS),
    ("beat.enabled", Only("true", "the chart always runs it: clean-up tasks depend on it")),
    ("web.enabled", ALWAYS),
    ("proxy.enabled", ALWAYS),
    ("sandbox.enabled", ALWAYS),
    ("pluginDaemon.enabled", Only("true", "Dify 1.0 and later does not work without it")),
    (
        "ssrfProxy.enabled",
        Only(
            "true",
            "the chart always runs it, and it refuses private addresses: list those that workflows call in \
             ssrfProxy.allowPrivateNetworks or .allowPrivateDomains",
        ),
    ),
    ("localSandbox.enabled", Dropped("it runs wherever the agent backend does")),
    ("api.migration", Only("true", "the migrate job does it; pods wait for the result")),
    ("worker.logLevel", Dropped("api.logLevel holds for worker and beat too")),
    ("beat.logLevel", Dropped("api.logLevel holds for worker and beat too")),
    ("beat.replicas", Dropped("two would put every task into the queues twice")),
    ("localSandbox.replicas", Dropped("it is one pod")),
    ("apiWebsocket.logLevel", Dropped("api.logLevel holds for it too")),
    ("*.livenessProbe", PROBES),
    ("*.readinessProbe", PROBES),
    ("*.startupProbe", PROBES),
    ("*.customLivenessProbe", CUSTOM),
    ("*.customReadinessProbe", CUSTOM),
    ("*.customStartupProbe", CUSTOM),
    ("beat.updateStrategy", Dropped("it is one pod, which is stopped before the next one starts")),
    ("localSandbox.updateStrategy", Dropped("it is one pod, which is stopped before the next one starts")),
    ("*.updateStrategy", Refused("upgrade.mode holds for all components: rolling or recreate")),
    ("*.shareProcessNamespace", Refused("the images of Dify 1.10 and later reap their own children")),
    ("*.enableServiceLinks", Dropped("service links are off everywhere")),
    (
        "*.serviceAccount.create",
        Refused("make the account in extraObjects and name it in serviceAccountName"),
    ),
    ("*.serviceAccount.name", By(carry::service_account, "it is now serviceAccountName")),
    ("*.serviceAccount.automountServiceAccountToken", Refused("no component of Dify uses a token")),
    ("*.serviceAccount.annotations", Refused("annotate the account that serviceAccountName names")),
    ("*.podSecurityContext", By(carry::security_context, "it takes the place of the chart's own, whole")),
    (
        "*.containerSecurityContext",
        By(carry::security_context, "it takes the place of the chart's own, whole"),
    ),
    ("*.extraEnv", By(extra_env::carry, "it is a list of variables")),
    ("*.service.port", Dropped("ports inside the installation are fixed")),
    ("*.service.ports", Dropped("ports inside the installation are fixed")),
    ("*.service.annotations", SERVICE),
    ("*.service.labels", SERVICE),
    ("*.service.clusterIP", SERVICE),
    ("proxy.clientMaxBodySize", By(carry::body_size, "a number with k, m or g")),
    ("proxy.workerProcesses", By(carry::worker_processes, "a whole number")),
    ("proxy.log", LOG_VOLUME),
    ("ssrfProxy.log", LOG_VOLUME),
    ("sandbox.persistence.enabled", Dropped("volumes are mounted if sandbox.extraVolumes lists them")),
    ("sandbox.persistence.volumes", By(carry::sandbox_volumes, "it is now sandbox.extraVolumes")),
    ("sandbox.persistence.volumeMounts", By(carry::sandbox_volumes, "it is now sandbox.extraVolumeMounts")),
    ("image.proxy.repository", By(carry::pinned_image, "")),
    ("image.proxy.tag", By(carry::pinned_image, "")),
    ("image.ssrfProxy.repository", By(carry::pinned_image, "")),
    ("image.ssrfProxy.tag", By(carry::pinned_image, "")),
    ("image.api.pullSecrets", PULL),
    ("image.web.pullSecrets", PULL),
    ("image.sandbox.pullSecrets", PULL),
    ("image.proxy.pullSecrets", PULL),
    ("image.ssrfProxy.pullSecrets", PULL),
    ("image.pluginDaemon.pullSecrets", PULL),
    ("image.agentBackend.pullSecrets", PULL),
    ("image.localSandbox.pullSecrets", PULL),
];

const PULL: Rule = By(carry::pull_secrets, "it is now global.imagePullSecrets, for all images");
