//! What each component had.

use super::Rule::{self, By, Dropped, Only, Refused};
use crate::migrate::{carry, extra_env};

const PROBES: Rule = By(carry::probe, "the chart brings its own probes, which fit its start order");
const LOG_VOLUME: Rule = Refused("it logs to its output, where the cluster collects it");

pub(super) const RULES: super::Rules = &[
    ("api.enabled", Only("true", "without the api there is no Dify; set its replicas to 0")),
    ("api.migration", Only("true", "the migrate job does it; pods wait for the result")),
    ("worker.logLevel", Dropped("api.logLevel holds for worker and beat too")),
    ("beat.logLevel", Dropped("api.logLevel holds for worker and beat too")),
    ("beat.replicas", Dropped("two would put every task into the queues twice")),
    ("localSandbox.replicas", Dropped("it is one pod")),
    ("apiWebsocket.logLevel", Dropped("api.logLevel holds for it too")),
    ("*.livenessProbe", PROBES),
    ("*.readinessProbe", PROBES),
    ("*.startupProbe", PROBES),
    ("beat.updateStrategy", Dropped("it is one pod, which is stopped before the next one starts")),
    ("localSandbox.updateStrategy", Dropped("it is one pod, which is stopped before the next one starts")),
    ("*.enableServiceLinks", Dropped("service links are off everywhere")),
    (
        "*.serviceAccount.create",
        Refused(
            "for all that opens databases and buckets set serviceAccount.create; make any other in extraObjects, and name \
             it in serviceAccountName",
        ),
    ),
    ("*.serviceAccount.name", By(carry::service_account, "it is now serviceAccountName")),
    ("*.serviceAccount.automountServiceAccountToken", Refused("no component of Dify uses a token")),
    (
        "*.serviceAccount.annotations",
        Refused("set serviceAccount.annotations, or annotate the account that serviceAccountName names"),
    ),
    ("*.podSecurityContext", By(carry::security_context, "it takes the place of the chart's own, whole")),
    (
        "*.containerSecurityContext",
        By(carry::security_context, "it takes the place of the chart's own, whole"),
    ),
    ("*.extraEnv", By(extra_env::carry, "it is a list of variables")),
    ("*.service.port", Dropped("ports inside the installation are fixed")),
    ("*.service.ports", Dropped("ports inside the installation are fixed")),
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
