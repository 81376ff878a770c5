//! A folder, usually a mounted volume.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use preflight::{Check, ConfigError, Finding, Hop, ProbeFuture};

use crate::cli::Side;
use crate::scratch::Scratch;
use crate::stores::Task;

/// A folder that Dify keeps files in.
#[derive(Clone)]
pub(crate) struct Folder {
    side: Side,
    /// The variable that names it.
    key: &'static str,
    path: PathBuf,
    scratch: Scratch,
}

impl Folder {
    /// `home` is where Dify runs: a relative path is meant from there, not from where we run.
    pub(crate) fn new(side: Side, key: &'static str, path: &str, home: &str) -> Result<Self, ConfigError> {
        if path.trim().is_empty() {
            return Err(ConfigError::new(key, "is empty").hint(format!("set {key} to a folder")));
        }
        Ok(Self { side, key, path: Path::new(home).join(path), scratch: Scratch::new()? })
    }

    fn probe(&self, task: Task) -> Finding {
        match self.look(task) {
            Ok(created) => {
                let made = if created { "created, and " } else { "" };
                Finding::ready(format!(
                    "{}: {made}written to, read from and deleted from",
                    self.path.display()
                ))
            }
            Err((step, error)) => self.fault(step, &error),
        }
    }

    /// Whether it had to be made.
    fn look(&self, task: Task) -> Result<bool, (&'static str, io::Error)> {
        let created = match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => false,
            Ok(_) => return Err(("look at", ErrorKind::NotADirectory.into())),
            Err(error) if error.kind() == ErrorKind::NotFound && task == Task::Ensure => {
                fs::create_dir_all(&self.path).map_err(|error| ("create", error))?;
                true
            }
            Err(error) => return Err(("look at", error)),
        };
        self.round_trip()?;
        Ok(created)
    }

    fn round_trip(&self) -> Result<(), (&'static str, io::Error)> {
        let path = self.path.join(format!(".dify-preflight-{}", self.scratch.name));
        let written = write(&path, self.scratch.content.as_bytes()).map_err(|error| ("write to", error));
        let read = written.and_then(|()| read(&path).map_err(|error| ("read from", error)));
        // Whatever happened, nothing of ours may stay.
        let deleted = fs::remove_file(&path);
        let content = read?;
        deleted.map_err(|error| ("delete from", error))?;
        if content == self.scratch.content {
            Ok(())
        } else {
            Err(("read back what was written to", ErrorKind::InvalidData.into()))
        }
    }

    fn fault(&self, step: &str, error: &io::Error) -> Finding {
        let (key, path) = (self.key, self.path.display());
        let suspect = |hop, what: String, code: &str| Finding::suspect(hop, what).code(code);
        match error.kind() {
            ErrorKind::NotFound => suspect(Hop::State, format!("folder {path} does not exist"), "ENOENT")
                .hint(format!("mount the volume there, run storage-bootstrap ensure, or check {key}")),
            ErrorKind::NotADirectory => Finding::never(
                Hop::State,
                format!("{path} is not a folder, or lies below something that is none"),
            )
            .code("ENOTDIR")
            .hint(format!("check {key}")),
            ErrorKind::PermissionDenied => suspect(
                Hop::Permission,
                format!("uid {} may not {step} {path}{}", user(), owner(&self.path)),
                "EACCES",
            )
            .hint("set fsGroup in the pod's securityContext, or change the owner of the volume"),
            ErrorKind::ReadOnlyFilesystem => {
                suspect(Hop::Permission, format!("{path} is mounted read-only"), "EROFS")
                    .hint("mount the volume read-write")
            }
            ErrorKind::StorageFull => suspect(Hop::State, format!("no space left in {path}"), "ENOSPC")
                .hint("free some space or enlarge the volume"),
            ErrorKind::QuotaExceeded => {
                suspect(Hop::State, format!("the quota of {path} is used up"), "EDQUOT")
                    .hint("free some space or raise the quota")
            }
            ErrorKind::StaleNetworkFileHandle | ErrorKind::TimedOut => {
                Finding::not_yet(Hop::State, format!("cannot {step} {path}: {error}"))
                    .hint("the server behind this volume is away")
            }
            _ => Finding::suspect(Hop::State, format!("cannot {step} {path}: {error}")),
        }
    }
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).or_else(|error| {
        // Left by a try of ours that was cut short.
        if error.kind() == ErrorKind::AlreadyExists { File::create(path) } else { Err(error) }
    })?;
    file.write_all(content)?;
    // A full or broken network volume may tell only now.
    file.sync_all()
}

fn read(path: &Path) -> io::Result<String> {
    let mut content = String::new();
    File::open(path)?.read_to_string(&mut content)?;
    Ok(content)
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Owner and mode of a folder, or of the nearest one above it that can be seen.
fn owner(path: &Path) -> String {
    path.ancestors()
        .find_map(|path| Some((path, fs::metadata(path).ok()?)))
        .map(|(path, found)| {
            let mode = found.mode() & 0o7777;
            format!(": {} is owned by {}:{}, mode {mode:04o}", path.display(), found.uid(), found.gid())
        })
        .unwrap_or_default()
}

/// One folder as a check.
pub(crate) struct LocalCheck {
    folder: Folder,
    task: Task,
}

impl LocalCheck {
    pub(crate) fn new(folder: Folder, task: Task) -> Self {
        Self { folder, task }
    }
}

impl Check for LocalCheck {
    fn name(&self) -> &'static str {
        self.folder.side.name()
    }

    fn target(&self) -> String {
        self.folder.path.display().to_string()
    }

    /// On a thread of its own: a network volume whose server is away blocks without an end.
    fn probe(&mut self) -> ProbeFuture<'_> {
        let (folder, task) = (self.folder.clone(), self.task);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || folder.probe(task)).await.unwrap_or_else(|error| {
                Finding::not_yet(Hop::State, format!("the try was cut short: {error}"))
            })
        })
    }
}
