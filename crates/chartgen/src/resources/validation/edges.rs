//! How the installation is reached.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.ingress.enabled (not .Values.ingress.hosts)",
        "ingress.enabled is true: name a host in ingress.hosts, or an empty one for every name",
    ),
    (
        "and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs)",
        "httpRoute.enabled is true: name the Gateway in httpRoute.parentRefs",
    ),
    (
        "and .Values.apiWebsocket.enabled (not .Values.apiWebsocket.socketUrl) (not .Values.global.consoleApiDomain)",
        "apiWebsocket.enabled is true: set global.consoleApiDomain, or apiWebsocket.socketUrl",
    ),
    (
        "and .Values.networkPolicy.defaultDeny (not .Values.networkPolicy.enabled)",
        "networkPolicy.defaultDeny is true, and nothing is opened: set networkPolicy.enabled to true",
    ),
    (
        "and .Values.agentBackend.enabled (not .Values.pluginDaemon.enabled)",
        "agentBackend.enabled is true, and agents call models by plugins: set pluginDaemon.enabled to true",
    ),
    (
        "and (not .Values.proxy.enabled) (ne .Values.service.type \"ClusterIP\")",
        "service is nginx's, which proxy.enabled leaves out: enable it, or set ingress.enabled or httpRoute.enabled",
    ),
    (
        "and .Values.global.marketplace.proxy (not .Values.proxy.enabled)",
        "global.marketplace.proxy is true, and nginx is what stands between: set proxy.enabled to true",
    ),
    (
        "and .Values.global.marketplace.proxy (or .Values.global.offline (not .Values.global.marketplace.enabled))",
        "global.marketplace.proxy is true, but there is no marketplace: see global.offline and global.marketplace.enabled",
    ),
    (
        "and (ne .Values.service.type \"LoadBalancer\") (or .Values.service.loadBalancerClass .Values.service.loadBalancerIP)",
        "service.loadBalancerClass and service.loadBalancerIP need service.type LoadBalancer",
    ),
    (
        "and (ne .Values.service.type \"LoadBalancer\") .Values.service.loadBalancerSourceRanges",
        "service.loadBalancerSourceRanges needs service.type LoadBalancer",
    ),
    (
        "and .Values.service.nodePort (eq .Values.service.type \"ClusterIP\")",
        "service.nodePort needs service.type NodePort or LoadBalancer",
    ),
];

/// Without nginx each path belongs to one component.
pub(super) const PATHS: &str = "ingress.hosts has paths of its own, which only nginx can serve: leave paths empty, or set \
    proxy.enabled to true";
