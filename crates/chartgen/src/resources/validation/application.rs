//! Settings of the application.

use super::{Demand, Rule};

pub(super) const RULES: &[Rule] = &[
    (
        "and .Values.api.mail.type (not .Values.api.mail.defaultSender)",
        "api.mail.type is set: set api.mail.defaultSender, the address that mail comes from",
    ),
    (
        "and (eq .Values.api.mail.type \"smtp\") (not .Values.api.mail.smtp.server)",
        "api.mail.type is smtp: set api.mail.smtp.server",
    ),
    (
        "and .Values.api.mail.smtp.tls.optimistic (not .Values.api.mail.smtp.tls.enabled)",
        "api.mail.smtp.tls.optimistic has no effect without api.mail.smtp.tls.enabled: set both, or neither",
    ),
    (
        "and (eq .Values.api.logFormat \"json\") (semverCompare \"<1.13.0\" (include \"dify.tag\" .))",
        "api.logFormat json needs Dify 1.13.0 or later: set it to text, or image.api.tag to a later release",
    ),
];

pub(super) const DEMANDS: &[Demand] = &[
    ("eq .Values.api.mail.type \"resend\"", "api.mail.resend.apiKey"),
    ("eq .Values.api.mail.type \"sendgrid\"", "api.mail.sendgrid.apiKey"),
    (".Values.api.mail.smtp.username", "api.mail.smtp.password"),
];
