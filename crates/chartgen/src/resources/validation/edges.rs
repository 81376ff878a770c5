//! How the installation is reached.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs)",
        "httpRoute.enabled is true: name the Gateway in httpRoute.parentRefs",
    ),
    (
        "and .Values.service.nodePort (eq .Values.service.type \"ClusterIP\")",
        "service.nodePort needs service.type NodePort or LoadBalancer",
    ),
];
