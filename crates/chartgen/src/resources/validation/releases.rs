//! What the release of Dify that is to be installed cannot do. The tag of the api's image says which it is.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    (
        "semverCompare \"<1.10.1\" (include \"dify.tag\" .)",
        "image.api.tag is older than Dify 1.10.1, the oldest release that this chart installs",
    ),
    (
        "and .Values.agentBackend.enabled (semverCompare \"<1.16.0\" (include \"dify.tag\" .))",
        "agentBackend.enabled needs Dify 1.16.0 or later: set it to false, or image.api.tag to a later release",
    ),
    (
        "and .Values.externalRedis.useSSL (not .Values.externalRedis.sslVerify) (semverCompare \"<1.12.1\" (include \"dify.tag\" .))",
        "externalRedis.sslVerify is false, but the plugin daemon verifies all the same before Dify 1.12.1",
    ),
    (
        "and .Values.apiWebsocket.enabled (semverCompare \"<1.14.1\" (include \"dify.tag\" .))",
        "apiWebsocket.enabled needs Dify 1.14.1 or later: set it to false, or image.api.tag to a later release",
    ),
    (
        "and .Values.externalRedis.keyPrefix (semverCompare \"<1.14.0\" (include \"dify.tag\" .))",
        "externalRedis.keyPrefix needs Dify 1.14.0 or later: an older one would use the keys of everybody",
    ),
];
