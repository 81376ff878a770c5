//! The one table of routes, as nginx, an Ingress and an `HTTPRoute` spell it.

use topology::Route;

use crate::wiring::{component, enabled, host};
use crate::{Error, RELEASE};

/// The routes to one component, and the condition under which it runs.
pub(super) struct Target {
    /// The component.
    pub(super) name: &'static str,
    /// The number of its port.
    pub(super) port: u16,
    /// When there is such a component, if not always.
    pub(super) condition: Option<&'static str>,
    /// Its routes.
    pub(super) routes: Vec<&'static Route>,
}

/// What follows the name of a Service where nobody adds the domains of the pod.
const DOMAIN: &str = "{{ $domain }}";

/// All targets, in the order of the table.
pub(super) fn targets() -> Result<Vec<Target>, Error> {
    let release = topology::release(RELEASE).ok_or_else(|| Error::Unknown("the release".to_owned()))?;
    release
        .routes
        .chunk_by(|one, next| one.to == next.to)
        .filter_map(|routes| Some((routes.first()?.to, routes)))
        .map(|(name, routes)| {
            let port = component(name)?.port().ok_or_else(|| Error::Unknown(format!("a port of {name}")))?;
            Ok(Target { name, port, condition: enabled(name), routes: routes.iter().collect() })
        })
        .collect()
}

/// Whether users' requests reach this component without nginx.
pub(super) fn is_routed(component: &str) -> bool {
    topology::release(RELEASE).is_some_and(|release| release.routes.iter().any(|route| route.to == component))
}

/// The file of nginx, with the addresses of all targets and the paths that lead to them.
pub(super) fn nginx() -> Result<String, Error> {
    let mut addresses =
        "{{- $domain := printf \".%s.svc.%s\" .Release.Namespace .Values.clusterDomain }}\n".to_owned();
    let mut locations = String::new();
    for target in targets()? {
        let address =
            format!("set {} http://{}{DOMAIN}:{};\n", variable(&target), host(target.name), target.port);
        conditional(&mut addresses, target.condition, &address, None);
        let text: String = target.routes.iter().map(|route| location(route, &target)).collect();
        // Whatever nobody else answers must not be answered by chance.
        let rest = target.routes.iter().any(|route| route.path == "/");
        conditional(&mut locations, target.condition, &text, rest.then_some("location / { return 404; }\n"));
    }
    conditional(
        &mut locations,
        Some(".Values.global.marketplace.proxy"),
        include_str!("../text/nginx-marketplace.conf"),
        None,
    );
    Ok(include_str!("../text/nginx.conf")
        .replace("    @addresses@\n", &indented(&addresses))
        .replace("    @locations@\n", &indented(&locations)))
}

fn variable(target: &Target) -> String {
    format!("${}", target.name.replace('-', "_"))
}

fn location(route: &Route, target: &Target) -> String {
    let (path, to) = (route.path, variable(target));
    if !route.hook {
        return format!("location {path} {{ proxy_pass {to}; }}\n");
    }
    format!(
        "location {path} {{
  proxy_pass {to};
  # Plugins are told under which address they were called. A header here drops those above, so all are repeated.
  proxy_set_header Dify-Hook-Url $public_scheme://$http_host$request_uri;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $public_scheme;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_header;
}}\n"
    )
}

fn conditional(text: &mut String, condition: Option<&str>, body: &str, otherwise: Option<&str>) {
    let Some(condition) = condition else { return text.push_str(body) };
    *text += &format!("{{{{- if {condition} }}}}\n{body}");
    if let Some(otherwise) = otherwise {
        *text += &format!("{{{{- else }}}}\n{otherwise}");
    }
    text.push_str("{{- end }}\n");
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |text, line| text + "    " + line + "\n")
}
