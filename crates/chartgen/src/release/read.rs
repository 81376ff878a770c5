//! What the sources of a release of Dify say, as sets of words. Read as text: nothing of it is run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::Error;

/// Words by the name of their set: the variables that a component reads, the names of vector stores, the images.
pub(crate) type Sets = BTreeMap<&'static str, BTreeSet<String>>;

/// Where the sources are: Dify's own, and those of the two components that have a repository of their own.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Sources {
    /// The folder of Dify's sources.
    #[arg(long)]
    dify: Option<PathBuf>,
    /// The folder of the plugin daemon's sources.
    #[arg(long)]
    plugin_daemon: Option<PathBuf>,
    /// The folder of the sandbox's sources.
    #[arg(long)]
    sandbox: Option<PathBuf>,
}

/// Everything that these sources say. A set whose sources were not given is left out.
pub(crate) fn read(sources: &Sources) -> Result<Sets, Error> {
    let mut sets = Sets::new();
    if let Some(root) = &sources.dify {
        let entrypoint = text(&root.join("api/docker/entrypoint.sh"))?;
        sets.insert("api", python(root, &entrypoint)?);
        let mut web = substituted(&text(&root.join("web/docker/entrypoint.sh"))?);
        // The pages' server itself asks for a few.
        let settings = root.join("web/env.ts");
        if settings.is_file() {
            web.extend(
                text(&settings)?
                    .lines()
                    .filter_map(field)
                    .filter(|name| is_variable(name))
                    .map(str::to_owned),
            );
        }
        sets.insert("web", web);
        sets.insert("queues", queues(&entrypoint));
        let vector = text(&root.join("api/core/rag/datasource/vdb/vector_type.py"))?;
        sets.insert("vector-stores", members(&vector));
        sets.insert("storage-types", members(&text(&root.join("api/extensions/storage/storage_type.py"))?));
        sets.insert("images", images(&text(&root.join("docker/docker-compose.yaml"))?));
        sets.insert("schema-head", heads(&files(&root.join("api/migrations/versions"), ".py")?));
        let agent = root.join("dify-agent/src/dify_agent/server/settings.py");
        if agent.is_file() {
            sets.insert("agent-backend", agent_settings(&text(&agent)?));
        }
    }
    if let Some(root) = &sources.plugin_daemon {
        sets.insert(
            "plugin-daemon",
            after(&text(&root.join("internal/types/app/config.go"))?, "envconfig:\""),
        );
    }
    if let Some(root) = &sources.sandbox {
        let go = files(&root.join("internal"), ".go")?;
        sets.insert("sandbox", go.iter().flat_map(|text| after(text, "os.Getenv(\"")).collect());
    }
    Ok(sets)
}

fn text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.display().to_string(), source })
}

/// The texts of all files below a folder whose names end so; tests are not the program.
fn files(folder: &Path, ending: &str) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Io { path: folder.display().to_string(), source };
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["tests", "dev", ".venv"].contains(&name.as_str()) {
            texts.extend(files(&path, ending)?);
        } else if path.is_file() && name.ends_with(ending) {
            texts.push(text(&path)?);
        }
    }
    Ok(texts)
}

/// The api's variables: fields of its settings and their other names, what its code asks the environment for, and what its
/// entrypoint fills in.
fn python(root: &Path, entrypoint: &str) -> Result<BTreeSet<String>, Error> {
    let mut names = substituted(entrypoint);
    for text in files(&root.join("api/configs"), ".py")? {
        names.extend(text.lines().filter_map(field).filter(|name| is_variable(name)).map(str::to_owned));
        for rest in text.split("AliasChoices(").skip(1) {
            let inside = rest.split(')').next().unwrap_or_default();
            names.extend(inside.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    for text in files(&root.join("api"), ".py")? {
        for call in ["os.getenv(\"", "os.environ.get(\"", "os.environ[\""] {
            names.extend(after(&text, call));
        }
    }
    Ok(names)
}

/// The name of a field of a class: four spaces, a name, a colon.
fn field(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("    ")?.split_once(':')?;
    (!name.starts_with(' ')).then_some(name)
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || one == '_')
}

/// The names that follow this text, up to a quotation mark.
fn after(text: &str, before: &str) -> BTreeSet<String> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|name| is_variable(name))
        .map(str::to_owned)
        .collect()
}

/// The variables that a shell script fills in and does not itself set.
fn substituted(script: &str) -> BTreeSet<String> {
    let set: BTreeSet<&str> = script
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .filter(|(name, value)| !value.contains(&format!("${{{name}")))
        .map(|(name, _)| name)
        .collect();
    script
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split([':', '}', ',', '-']).next())
        .filter(|name| is_variable(name) && !set.contains(name))
        .map(str::to_owned)
        .collect()
}

/// The agent backend's fields, whose names in the environment begin with `DIFY_AGENT_` or are given.
fn agent_settings(text: &str) -> BTreeSet<String> {
    let plain =
        |name: &str| name != "model_config" && name.chars().all(|one| one.is_ascii_lowercase() || one == '_');
    let fields = text.lines().filter_map(|line| Some((line, field(line).filter(|name| plain(name))?)));
    fields
        .map(|(line, name)| match line.split_once("validation_alias=\"") {
            Some((_, given)) => given.split('"').next().unwrap_or_default().to_owned(),
            None => format!("DIFY_AGENT_{}", name.to_ascii_uppercase()),
        })
        .collect()
}

/// The values of an enumeration of texts.
fn members(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("    ")?.split_once(" = \""))
        .filter_map(|(name, rest)| is_variable(name).then(|| rest.split('"').next()).flatten())
        .map(str::to_owned)
        .collect()
}

/// The queues of a worker to whom none are named; those of the vendor's own cloud are no concern.
fn queues(entrypoint: &str) -> BTreeSet<String> {
    let mut lists = entrypoint.lines().filter_map(|line| line.trim().strip_prefix("DEFAULT_QUEUES=\""));
    let own = lists.rfind(|list| !list.contains("workflow_professional") && !list.contains('$'));
    own.unwrap_or_default().trim_end_matches('"').split(',').map(str::to_owned).collect()
}

/// The images of Dify's own components, as `name:tag`.
fn images(compose: &str) -> BTreeSet<String> {
    compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("image: langgenius/"))
        .filter(|image| image.starts_with("dify-"))
        .map(|image| format!("langgenius/{image}"))
        .collect()
}

/// The revisions of the schema that no other one follows.
fn heads(migrations: &[String]) -> BTreeSet<String> {
    let quoted = |text: &str, name: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split(['\'', '"']).skip(1).step_by(2).map(str::to_owned).collect()
    };
    let followed: BTreeSet<String> =
        migrations.iter().flat_map(|text| quoted(text, "down_revision")).collect();
    migrations
        .iter()
        .flat_map(|text| quoted(text, "revision"))
        .filter(|revision| !followed.contains(revision))
        .collect()
}
