//! One key, as everybody has it who holds it.

use std::rc::Rc;

use preflight::{Check, Finding, Hop, ProbeFuture};

use super::requirements::demanded;
use crate::holder::{Held, Source, View};
use crate::keys::published::is_published;
use crate::keys::release::{GENERATES_SECRET_KEY, PEPPER, Release};
use crate::keys::value::{self, Fault};
use crate::keys::{Form, Key, difference::difference};

/// One key, looked for anew at every try: files of a Secret volume appear and change while we wait.
pub(crate) struct KeyCheck {
    pub(crate) key: &'static Key,
    pub(crate) source: Rc<Source>,
    pub(crate) release: Option<Release>,
    /// Whether a published default passes with a warning.
    pub(crate) accepts_published: bool,
}

/// Where Dify cannot make up a `SECRET_KEY`: a missing object is an error there that it does not expect.
const NO_SECRET_KEY: &[&str] =
    &["azure-blob", "aliyun-oss", "tencent-cos", "baidu-obs", "volcengine-tos", "huawei-obs", "supabase"];

impl KeyCheck {
    fn judge(&self, views: &[View]) -> Finding {
        let key = self.key;
        let held: Vec<Held<'_>> = views.iter().flat_map(|view| view.held(key)).collect();
        let demand = demanded(key, views, self.release);
        if held.is_empty() {
            return self.missing(views, demand.as_deref());
        }
        for one in &held {
            let fault = value::fault(key, one.value.reveal());
            if let Some(fault) = fault.filter(|fault| !(self.accepts_published && fault.code == "PUBLISHED"))
            {
                return self.fault(views, one, &fault);
            }
            if let Some(demand) = demand.as_ref().filter(|_| one.value.reveal().trim().is_empty()) {
                let what = format!("{} is empty, but {demand}", one.title());
                return self.wrong(what, "EMPTY").hint(self.new_value(one));
            }
        }
        if let Some(view) =
            views.iter().find(|view| !view.names_of(key).is_empty() && view.held(key).is_empty())
        {
            return self.missing_in(view);
        }
        if let Some(finding) = self.unequal(&held).or_else(|| self.unread(&held)) {
            return finding;
        }
        self.good(&held)
    }

    fn good(&self, held: &[Held<'_>]) -> Finding {
        let value = |one: &Held<'_>| one.value.reveal().trim().to_owned();
        if held.iter().all(|one| value(one).is_empty()) {
            let ready = Finding::ready(format!("{} empty, which is allowed", titles(held)));
            return match self.key.name {
                "SHELLCTL_AUTH_TOKEN" => {
                    ready.warning("the token is empty: everybody who reaches the local sandbox may use it")
                }
                _ => ready,
            };
        }
        let equal = if held.len() > 1 { ", equal" } else { "" };
        let secret =
            if held.iter().any(|one| is_published(&value(one))) { "" } else { " and no published default" };
        let mut ready = Finding::ready(format!("{} there, well-formed{equal}{secret}", titles(held)));
        if self.accepts_published && held.iter().any(|one| is_published(&value(one))) {
            let forged = "is a published default, and accepted: everybody can forge a login with it";
            ready = ready.warning(format!("{} {forged}", self.key.name));
        }
        let mut warned: Vec<String> = Vec::new();
        for one in held {
            for warning in value::warnings(self.key, one.value.reveal()) {
                if !warned.contains(&warning) {
                    ready = ready.warning(format!("{} {warning}", one.title()));
                    warned.push(warning);
                }
            }
        }
        ready
    }

    fn missing(&self, views: &[View], demand: Option<&str>) -> Finding {
        let name = self.key.name;
        let other = views.iter().any(|view| view.text("INNER_API_KEY").is_some());
        let mut hint = match self.source.as_ref() {
            Source::Own { dir: Some(_), .. } => {
                "the Secret or its key is missing: look at the Job that makes the keys".to_owned()
            }
            _ => format!("set {name} or {name}_FILE; it is needed for {}", self.key.use_of_it),
        };
        if name == "INNER_API_KEY_FOR_PLUGIN" && other {
            hint = format!("set {name}: INNER_API_KEY is another key, of the enterprise edition");
        }
        let why = demand.map(|why| format!(", but {why}")).unwrap_or_default();
        let found = match self.source.as_ref() {
            Source::Own { dir: Some(dir), .. } => {
                Finding::not_yet(Hop::Config, format!("{name} is not in {} yet{why}", dir.display()))
            }
            Source::Own { dir: None, .. } => Finding::suspect(Hop::Config, format!("{name} is not set{why}")),
            Source::Holders(_) => {
                let who = self.source.describe();
                Finding::suspect(Hop::Config, format!("{name} is not set for any of {who}{why}"))
            }
        };
        found.code("MISSING").hint(hint)
    }

    fn missing_in(&self, view: &View) -> Finding {
        let names = view.names_of(self.key).join(" or ");
        let who = view.label().unwrap_or("this environment");
        Finding::suspect(
            Hop::Config,
            format!("{names} is not set for {who}, though others hold {}", self.key.name),
        )
        .code("MISSING")
        .hint(format!("give {who} the same value as the others; it is needed for {}", self.key.use_of_it))
    }

    fn fault(&self, views: &[View], one: &Held<'_>, fault: &Fault) -> Finding {
        let what = format!("{} {}", one.title(), fault.what);
        if fault.code == "EMPTY" && self.key.name == "SECRET_KEY" {
            return self.no_secret_key(views, &what);
        }
        let finding = self.wrong(what, fault.code);
        if fault.cure.starts_with("give it") {
            finding.hint(self.new_value(one))
        } else {
            finding.hint(fault.cure)
        }
    }

    /// What an empty `SECRET_KEY` comes to, by release and storage.
    fn no_secret_key(&self, views: &[View], what: &str) -> Finding {
        let storage = views.iter().find_map(|view| view.text("STORAGE_TYPE")).unwrap_or("opendal").trim();
        let old = self.release.is_some_and(|release| release < GENERATES_SECRET_KEY);
        let what = if old {
            format!("{what}: this release then has nothing to sign sessions with")
        } else if NO_SECRET_KEY.contains(&storage) {
            format!("{what}: Dify then crashes at its first start with STORAGE_TYPE={storage}")
        } else {
            format!("{what}: two pods that start together then make two, and one of them is lost")
        };
        self.wrong(what, "EMPTY").hint("set SECRET_KEY, the same for api, worker and beat, and keep it")
    }

    fn unequal(&self, held: &[Held<'_>]) -> Option<Finding> {
        let mut groups: Vec<Vec<&Held<'_>>> = Vec::new();
        for one in held {
            match groups.iter_mut().find(|group| agree(self.key, group[0], one)) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        if groups.len() < 2 {
            return None;
        }
        if self.key.form == Form::List {
            let [key, list] = [&groups[0][0], &groups[1][0]].map(|one| one.title());
            let what = format!("{key} has nothing in common with {list}");
            return Some(self.wrong(what, "UNEQUAL").hint("let the list hold the key; commas separate"));
        }
        // The first of the largest groups; the sort is stable.
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let most = names(&groups[0]);
        let others: Vec<String> = groups[1..].iter().map(|group| names(group)).collect();
        let how = difference(groups[0][0].value.reveal(), groups[1][0].value.reveal());
        let how = how.map(|how| format!("; they differ {how}")).unwrap_or_default();
        let what = format!("{} is not the same as {most}{how}", others.join(", nor "));
        let cure = if groups[0].len() > groups[1].len() {
            format!("give {} the value of {most}", others.join(" and "))
        } else {
            "give both the same value".to_owned()
        };
        Some(self.wrong(what, "UNEQUAL").hint(format!("{cure}; it is needed for {}", self.key.use_of_it)))
    }

    /// A name that this release does not read.
    fn unread(&self, held: &[Held<'_>]) -> Option<Finding> {
        let (old, new) = ("DIFY_AGENT_SHELLCTL_AUTH_TOKEN", "DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN");
        let release = self.release.filter(|release| *release < Release(1, 17, 0))?;
        let has = |name: &str| held.iter().any(|one| one.name == name);
        if !has(new) || has(old) {
            return None;
        }
        let Release(major, minor, patch) = release;
        let what = format!("{new} is set, but Dify {major}.{minor}.{patch} reads {old}");
        Some(self.wrong(what, "MISSING").hint(format!("set {old} too; both may stay")))
    }

    fn new_value(&self, one: &Held<'_>) -> String {
        if self.release.is_some_and(|release| release >= PEPPER) && self.key.name == "PASSWORD_PEPPER" {
            return "set it once and keep it: a new one locks all accounts out".to_owned();
        }
        format!("give {} a new value, the same for all who hold it", one.name)
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

/// Whether two holders get along with these values.
fn agree(key: &Key, a: &Held<'_>, b: &Held<'_>) -> bool {
    let (first, second) = (a.value.reveal(), b.value.reveal());
    if key.form == Form::List && a.name != b.name {
        let lists = |text: &str| text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>();
        let (first, second) = (lists(first), lists(second));
        return first.iter().any(|one| second.contains(one));
    }
    first == second
}

fn titles(held: &[Held<'_>]) -> String {
    names(&held.iter().collect::<Vec<_>>())
}

/// `PLUGIN_DAEMON_KEY of api and worker, SERVER_KEY of plugin-daemon`.
fn names(held: &[&Held<'_>]) -> String {
    let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in held {
        let label = one.view.label();
        match parts.iter_mut().find(|(name, _)| *name == one.name) {
            Some((_, labels)) => labels.extend(label),
            None => parts.push((one.name, label.into_iter().collect())),
        }
    }
    let part = |(name, labels): &(&str, Vec<&str>)| match labels.as_slice() {
        [] => (*name).to_owned(),
        labels => format!("{name} of {}", labels.join(" and ")),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

impl Check for KeyCheck {
    fn name(&self) -> &'static str {
        self.key.name
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
