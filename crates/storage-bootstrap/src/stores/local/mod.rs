//! A folder, usually a mounted volume.

mod volume;

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use preflight::{ConfigError, Env, Finding, Hop};

use crate::cli::Side;
use crate::stores::{Made, Names, Place, Store, Trouble, Verdict};

/// Where the api runs in its image; a relative folder is meant from there.
const API_HOME: &str = "/app/api";
/// Where the daemon runs in its image.
const DAEMON_HOME: &str = "/app";

/// The api's `STORAGE_TYPE=local`.
pub(crate) fn api(env: &Env) -> Result<Folder, ConfigError> {
    Folder::of(env, Side::Api, "STORAGE_LOCAL_PATH", "storage", API_HOME)
}

/// The api's `OPENDAL_SCHEME=fs`.
pub(crate) fn opendal(env: &Env) -> Result<Folder, ConfigError> {
    Folder::of(env, Side::Api, "OPENDAL_FS_ROOT", "storage", API_HOME)
}

/// The daemon's `PLUGIN_STORAGE_TYPE=local`.
pub(crate) fn daemon(env: &Env) -> Result<Folder, ConfigError> {
    Folder::of(env, Side::Daemon, "PLUGIN_STORAGE_LOCAL_ROOT", "/app/storage", DAEMON_HOME)
}

/// A folder that Dify keeps files in.
pub(crate) struct Folder {
    side: Side,
    path: PathBuf,
    place: Place,
    warnings: RefCell<Vec<String>>,
}

impl Folder {
    /// `home` is where Dify runs: a relative path is meant from there, not from where we run.
    fn of(env: &Env, side: Side, key: &'static str, default: &str, home: &str) -> Result<Self, ConfigError> {
        let path = env.text_or(key, default)?;
        if path.trim().is_empty() {
            return Err(ConfigError::new(key, "is empty").hint(format!("set {key} to a folder")));
        }
        let path = Path::new(home).join(path);
        let place = Place {
            product: "",
            kind: "",
            bucket: path.display().to_string(),
            server: String::new(),
            region: String::new(),
            names: Names { bucket: key, ..Names::default() },
        };
        Ok(Self { side, path, place, warnings: RefCell::default() })
    }

    /// On a thread of its own: a network volume whose server is away blocks without an end.
    async fn on_thread<T: Send + 'static>(
        &self,
        step: &'static str,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let path = self.path.clone();
        match tokio::task::spawn_blocking(move || work(&path)).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.fault(step, &error)),
            Err(error) => Err(Finding::not_yet(Hop::State, format!("the try was cut short: {error}")).into()),
        }
    }

    fn fault(&self, step: &str, error: &io::Error) -> Trouble {
        let (key, path) = (self.place.names.bucket, self.path.display());
        let suspect = |hop, what: String, code: &str| Finding::suspect(hop, what).code(code);
        let finding = match error.kind() {
            // An object that was there a moment ago, or the folder below it.
            ErrorKind::NotFound if step != "create" => return Trouble::new(Verdict::NoObject).code("ENOENT"),
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
            ErrorKind::StorageFull if volume::no_inode_left(&self.path) => {
                suspect(Hop::State, format!("no inode left in {path}: it holds too many files"), "ENOSPC")
                    .hint("delete files that nobody needs, or make a volume with more inodes")
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
        };
        finding.into()
    }
}

impl Store for Folder {
    fn side(&self) -> Side {
        self.side
    }

    fn target(&self) -> String {
        self.path.display().to_string()
    }

    fn place(&self) -> &Place {
        &self.place
    }

    /// A hidden file: Dify lists its folders.
    fn scratch(&self, name: &str) -> String {
        format!(".dify-preflight-{name}")
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }

    async fn find(&self) -> Result<Option<String>, Trouble> {
        let found = self.on_thread("look at", |path| match fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Found::Folder),
            Ok(_) => Err(ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(fs::read_link(path).map_or(Found::Nothing, Found::Link))
            }
            Err(error) => Err(error),
        });
        match found.await? {
            Found::Folder => {}
            Found::Nothing => return Err(self.missing()),
            Found::Link(to) => return Err(self.dangling(&to)),
        }
        Ok(None)
    }

    async fn make(&self) -> Result<Made, Trouble> {
        self.on_thread("create", create).await.map(|()| Made::Now)
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let (object, content, side) = (object.to_owned(), content.to_owned(), self.side);
        let warnings = self.on_thread("write to", move |path| {
            let file = path.join(object);
            // Half a file is not left behind either.
            write(&file, &content).inspect_err(|_| drop(fs::remove_file(&file)))?;
            Ok(volume::warnings(path, side))
        });
        self.warnings.replace(warnings.await?);
        Ok(())
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let object = object.to_owned();
        self.on_thread("read from", move |path| {
            let mut content = Vec::new();
            File::open(path.join(object))?.read_to_end(&mut content)?;
            Ok(content)
        })
        .await
    }

    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let object = object.to_owned();
        self.on_thread("delete from", move |path| fs::remove_file(path.join(object))).await
    }
}

/// What is at the path.
enum Found {
    Folder,
    Nothing,
    /// A symbolic link to something that is not there.
    Link(PathBuf),
}

impl Folder {
    fn dangling(&self, to: &Path) -> Trouble {
        let what =
            format!("{} is a symbolic link to {}, which does not exist", self.path.display(), to.display());
        let hint = format!("mount the volume that it leads to, or check {}", self.place.names.bucket);
        Finding::suspect(Hop::State, what).code("ENOENT").hint(hint).into()
    }

    fn missing(&self) -> Trouble {
        let key = self.place.names.bucket;
        Trouble::new(Verdict::Missing)
            .code("ENOENT")
            .hint(format!("mount the volume there, run storage-bootstrap ensure, or check {key}"))
    }
}

/// Makes a folder with the rights of the one above it: a volume with fsGroup lets the group write, which a new folder
/// by itself would not.
fn create(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        create(above)?;
        match fs::create_dir(path) {
            // Another of us was faster.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
            made => made?,
        }
        let wanted = fs::metadata(above)?.mode();
        if wanted & 0o2000 != 0 {
            // Without the right to change it, the round trip will tell what is missing.
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(wanted & 0o7777));
        }
    }
    Ok(())
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
