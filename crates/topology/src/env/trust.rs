//! Whom clients of stores trust: a bundle of CAs for all of them.

use super::{Fact, Source::Constant, Variable, When::CaBundle};

/// Where the bundle is mounted.
pub(super) const BUNDLE: &str = "/run/dify/tls/ca.crt";

const ALL: &[&str] =
    &["api", "api-websocket", "worker", "beat", "migrate", "bootstrap", "plugin-daemon", "agent-backend"];

/// The group's variables.
pub(super) const VARIABLES: &[Variable] = &[
    Variable::new(
        "SSL_CERT_FILE",
        ALL,
        Constant(BUNDLE),
        "Whom OpenSSL, httpx and Go trust, in place of the image's own CAs.",
    )
    .when(CaBundle)
    .fact(Fact::Preflight),
    Variable::new(
        "REQUESTS_CA_BUNDLE",
        ALL,
        Constant(BUNDLE),
        "Whom the Python library requests trusts, in place of its own CAs.",
    )
    .when(CaBundle)
    .fact(Fact::Preflight),
    Variable::new(
        "AWS_CA_BUNDLE",
        ALL,
        Constant(BUNDLE),
        "Whom AWS's libraries trust, in place of their own CAs.",
    )
    .when(CaBundle)
    .fact(Fact::Preflight),
];
