//! `install DIR`: puts a copy of this program where another image can run it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use preflight::{ConfigError, Finding};

/// Copies the running program to `folder/db-migrate`. Whoever starts it meanwhile gets the old file or the new one,
/// never a part.
pub fn install(folder: &Path) -> Result<Finding, ConfigError> {
    let wrong =
        |problem: String| ConfigError::new("DIR", problem).hint("give a folder that this user can write to");
    if !folder.is_dir() {
        return Err(wrong(format!("{} is not a folder", folder.display())));
    }
    let target = folder.join("db-migrate");
    let draft = folder.join(format!(".db-migrate.{}", std::process::id()));
    let copied = copy(&draft).and_then(|size| fs::rename(&draft, &target).map(|()| size));
    match copied {
        Ok(size) => Ok(Finding::ready(format!("installed {} ({size} bytes)", target.display()))),
        Err(error) => {
            let _ = fs::remove_file(&draft);
            Err(wrong(format!("cannot write {}: {error}", target.display())))
        }
    }
}

fn copy(draft: &Path) -> io::Result<u64> {
    let mut from = File::open("/proc/self/exe")?;
    let mut to = OpenOptions::new().write(true).create(true).truncate(true).mode(0o755).open(draft)?;
    let size = io::copy(&mut from, &mut to)?;
    // The mode at creation is subject to the umask.
    to.set_permissions(fs::Permissions::from_mode(0o755))?;
    to.sync_all()?;
    Ok(size)
}
