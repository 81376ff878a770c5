//! One URL: whether Dify can use it, and the traps in it.

use std::net::IpAddr;
use std::rc::Rc;

use preflight::secret::MASK;
use preflight::{Check, Env, Finding, Hop, ProbeFuture, Secret};
use url::{Host, Url};

use super::url_rules::{Kind, Rule};
use crate::holder::{Source, View};
use crate::keys::value::is_quoted;

/// One variable, read anew at every try.
pub(crate) struct UrlCheck {
    pub(crate) rule: &'static Rule,
    pub(crate) source: Rc<Source>,
}

/// Why a URL cannot be used: a code, the rest of a sentence that begins with its name, what to do.
#[derive(Debug, PartialEq, Eq)]
struct Fault(&'static str, String, String);

/// Whether it is set, or somebody is there who needs it.
pub(crate) fn is_of_interest(rule: &Rule, views: &[View]) -> bool {
    views.iter().any(|view| view.text(rule.name).is_some()) || who_lacks(rule, views).is_some()
}

/// A component that reads it and does not have it, though the one that it leads to is looked at too.
fn who_lacks<'a>(rule: &Rule, views: &'a [View]) -> Option<&'a str> {
    let needed = rule.needed_for?;
    let part = |view: &View| view.holder.as_ref().map(|(_, role)| *role);
    if !views.iter().any(|view| part(view) == Some(needed)) {
        return None;
    }
    let reads = |view: &&View| part(view).is_some_and(|role| rule.roles.contains(&role));
    let lacks = views.iter().filter(reads).find(|view| view.text(rule.name).is_none());
    lacks.and_then(View::label)
}

/// Keeps the password of a URL out of all output.
pub(crate) fn hide_password(env: &Env, name: &str, text: &str) {
    let Some((_, rest)) = text.split_once("://") else { return };
    let server = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((login, _)) = server.rsplit_once('@') else { return };
    env.learn(&Secret::new(login));
    if let Some((_, password)) = login.split_once(':') {
        env.learn(&Secret::new(password));
    }
    env.mask(name, &text.replacen(login, MASK, 1));
}

impl UrlCheck {
    fn judge(&self, views: &[View]) -> Finding {
        let rule = self.rule;
        if let Some(who) = who_lacks(rule, views) {
            return self
                .wrong(format!("{} is not set for {who}", rule.name), "MISSING")
                .hint(format!("set it; it is needed for {}", rule.use_of_it));
        }
        let mut seen: Vec<(Option<&str>, &str)> = Vec::new();
        for view in views {
            seen.extend(view.text(rule.name).map(|text| (view.label(), text)));
        }
        let Some((_, first)) = seen.first().copied() else {
            return Finding::suspect(Hop::Config, format!("{} is not set any more", rule.name))
                .code("MISSING");
        };
        let mut warnings = Vec::new();
        for (label, text) in &seen {
            let title = label.map_or(rule.name.to_owned(), |label| format!("{} of {label}", rule.name));
            match judge(rule, text) {
                Ok(more) => warnings.extend(more.into_iter().map(|warning| format!("{title} {warning}"))),
                Err(Fault(code, what, cure)) => {
                    return self.wrong(format!("{title} {what}"), code).hint(cure);
                }
            }
        }
        if let Some((other, _)) =
            seen.iter().find(|(_, text)| text.trim_end_matches('/') != first.trim_end_matches('/'))
        {
            let labels = [seen[0].0, *other].map(Option::unwrap_or_default);
            return self
                .wrong(format!("{} of {} and of {} differ", rule.name, labels[0], labels[1]), "UNEQUAL")
                .hint("give both the same value");
        }
        if let Err(Fault(code, what, cure)) = together(rule, views) {
            return self.wrong(format!("{} {what}", rule.name), code).hint(cure);
        }
        warnings.extend(beside(rule, first, views));
        let shown =
            if first.trim().is_empty() { "is empty, which is allowed" } else { "is a URL that Dify can use" };
        warnings.into_iter().fold(Finding::ready(format!("{} {shown}", rule.name)), Finding::warning)
    }

    /// What comes from files may still be put right while we wait.
    fn wrong(&self, what: String, code: &str) -> Finding {
        let found = if self.source.may_change() {
            Finding::suspect(Hop::Config, what)
        } else {
            Finding::never(Hop::Config, what)
        };
        found.code(code)
    }
}

/// A URL by itself: what will be felt, or why it cannot be used. No part of it is quoted: it may hold a password.
fn judge(rule: &Rule, text: &str) -> Result<Vec<String>, Fault> {
    let example = example(rule.kind);
    let fault = |code, what: &str| Err(Fault(code, what.to_owned(), format!("write it like {example}")));
    if text.trim().is_empty() {
        // Dify's settings model takes a text for these, and a URL for the others.
        let may_be_empty = !matches!(
            rule.name,
            "PLUGIN_DAEMON_URL" | "CODE_EXECUTION_ENDPOINT" | "DIFY_INNER_API_URL" | "ENDPOINT_URL_TEMPLATE"
        );
        return if may_be_empty { Ok(Vec::new()) } else { fault("EMPTY", "is empty, and Dify wants a URL") };
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return fault("MALFORMED", "has white space or a line break in or around it");
    }
    if is_quoted(text) {
        return fault("MALFORMED", "is in quotes, which are a part of the value");
    }
    let filled = if rule.kind == Kind::Template { template(text)? } else { text.to_owned() };
    let Ok(url) = Url::parse(&filled) else {
        let what = if filled.contains("://") { "is not a URL" } else { "has no scheme" };
        return fault("MALFORMED", what);
    };
    let allowed: &[&str] = match rule.kind {
        Kind::Socket => &["ws", "wss", "http", "https"],
        Kind::Proxy => &["http", "https", "socks5", "socks5h"],
        _ => &["http", "https"],
    };
    if !allowed.contains(&url.scheme()) {
        // `api:5001` reads as a URL whose scheme is the host.
        let what = if filled.contains("://") { "has a scheme that is not known" } else { "has no scheme" };
        return fault("MALFORMED", what);
    }
    let Some(host) = url.host().filter(|host| !matches!(host, Host::Domain(name) if name.is_empty())) else {
        return fault("MALFORMED", "has no host");
    };
    if url.query().is_some() || url.fragment().is_some() {
        return fault("MALFORMED", "has a query or fragment, which Dify would put in the middle of a path");
    }
    if !rule.adds.is_empty() && url.path().trim_end_matches('/').ends_with(rule.adds) {
        return Err(Fault(
            "PATH",
            format!("ends with {}, which Dify adds itself", rule.adds),
            format!("leave {} away", rule.adds),
        ));
    }
    Ok(warnings(rule, text, &url, &host))
}

/// The URL of one hook, if there is exactly one place for it.
fn template(text: &str) -> Result<String, Fault> {
    let place = "{hook_id}";
    let cure = || "write it like https://dify.example.com/e/{hook_id}".to_owned();
    let fault = |what: &str| Err(Fault("MALFORMED", what.to_owned(), cure()));
    if text.contains("{{") {
        return fault("has two braces where Dify looks for {hook_id}");
    }
    match text.matches(place).count() {
        0 => fault("does not hold {hook_id}: all endpoints would have one address"),
        1 => Ok(text.replace(place, "hook")),
        _ => fault("holds {hook_id} more than once"),
    }
}

fn warnings(rule: &Rule, text: &str, url: &Url, host: &Host<&str>) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |text: &str| warnings.push(text.to_owned());
    if !url.username().is_empty() && rule.kind != Kind::Proxy {
        warn("holds a user or password, which logs will show");
    }
    if rule.kind.is_prefix() && text.ends_with('/') {
        warn("ends with a slash: Dify puts a path behind it, and two slashes are redirected or not found");
    }
    if rule.kind.is_inner() && is_loopback(host) {
        warn("leads to the pod itself; use the name of a Service");
    }
    if rule.kind.is_inner()
        && matches!(host, Host::Domain(name) if name.contains('_'))
        && rule.kind != Kind::Proxy
    {
        warn("has an underscore in its host name, which no Service of Kubernetes has");
    }
    if matches!(rule.kind, Kind::PublicPrefix | Kind::Public | Kind::Socket | Kind::Template)
        && is_private(host)
    {
        warn("is to be used in browsers, but has a name that only this network knows");
    }
    if rule.kind == Kind::Proxy && url.scheme() == "https" {
        warn("wants TLS to the proxy itself, which squid does not speak here; write http://, for HTTPS too");
    }
    if rule.kind == Kind::Template && !url.path().contains("/e/") {
        warn("does not have /e/ in its path, by which nginx finds the plugin daemon");
    }
    warnings
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_unspecified(),
        Host::Ipv6(ip) => ip.is_loopback() || ip.is_unspecified(),
    }
}

/// Names without a dot, and those of the cluster. Addresses are left alone: somebody may browse by them.
fn is_private(host: &Host<&str>) -> bool {
    let Host::Domain(name) = host else { return false };
    let of_cluster = name.rsplit('.').next().is_some_and(|last| last == "svc");
    name.parse::<IpAddr>().is_err()
        && !is_loopback(host)
        && (!name.contains('.') || of_cluster || name.ends_with(".cluster.local"))
}

/// Rules about several variables of one holder.
fn together(rule: &Rule, views: &[View]) -> Result<(), Fault> {
    let other = match rule.name {
        "SSRF_PROXY_HTTP_URL" => "SSRF_PROXY_HTTPS_URL",
        "SSRF_PROXY_HTTPS_URL" => "SSRF_PROXY_HTTP_URL",
        _ => return Ok(()),
    };
    let given = |view: &View, name: &str| view.text(name).is_some_and(|text| !text.trim().is_empty());
    let alone =
        |view: &&View| given(view, rule.name) && !given(view, other) && !given(view, "SSRF_PROXY_ALL_URL");
    if views.iter().any(|view| alone(&view)) {
        let what = format!("is set without {other}: Dify then uses no proxy at all");
        return Err(Fault("UNPROTECTED", what, format!("set {other} too, to the same proxy")));
    }
    Ok(())
}

/// What is felt only beside another variable.
fn beside(rule: &Rule, text: &str, views: &[View]) -> Vec<String> {
    let mut warnings = Vec::new();
    let other =
        |name: &str| views.iter().find_map(|view| view.text(name)).and_then(|text| Url::parse(text).ok());
    let Ok(url) = Url::parse(text) else { return warnings };
    if let Some((name, same)) = rule.same_as.and_then(|name| Some((name, other(name)?)))
        && (same.host_str(), same.port_or_known_default()) != (url.host_str(), url.port_or_known_default())
    {
        warnings.push(format!("{} and {name} lead to two servers, where there should be one", rule.name));
    }
    let console = other("CONSOLE_WEB_URL").is_some_and(|console| console.scheme() == "https");
    let plain = matches!(url.scheme(), "http" | "ws");
    if console && plain && matches!(rule.kind, Kind::PublicPrefix | Kind::Public | Kind::Socket) {
        warnings.push(format!("{} is not encrypted, and a browser on https refuses it", rule.name));
    }
    warnings
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Inner | Kind::InnerPrefix => "http://service:5001",
        Kind::PublicPrefix | Kind::Public => "https://dify.example.com",
        Kind::Template => "https://dify.example.com/e/{hook_id}",
        Kind::Proxy => "http://ssrf-proxy:3128",
        Kind::Socket => "wss://dify.example.com",
    }
}

impl Check for UrlCheck {
    fn name(&self) -> &'static str {
        self.rule.name
    }

    fn target(&self) -> String {
        self.source.describe()
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(async {
            match self.source.read() {
                Ok(views) => self.judge(&views),
                Err(finding) => finding,
            }
        })
    }
}

#[cfg(test)]
mod tests;
