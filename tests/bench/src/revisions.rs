//! A folder of revision files like that of Dify's own image: as many, and as long.

use std::fs;
use std::path::PathBuf;

/// As many as Dify 1.16.1 has.
const COUNT: u32 = 204;

/// Where they are.
pub(crate) fn folder() -> PathBuf {
    testbed::process::repository().join("target/bench/versions")
}

/// A revision's id; the last one is the head.
fn id(index: u32) -> String {
    format!("{index:012x}")
}

/// The id of the last one.
pub(crate) fn head() -> String {
    id(COUNT)
}

/// The id of the one before.
pub(crate) fn one_behind() -> String {
    id(COUNT - 1)
}

/// Writes them.
pub(crate) fn write() -> Result<(), String> {
    let folder = folder();
    let write = || {
        fs::create_dir_all(&folder)?;
        (1..=COUNT)
            .try_for_each(|index| fs::write(folder.join(format!("{}_change.py", id(index))), text(index)))
    };
    write().map_err(|error| format!("cannot write {}: {error}", folder.display()))
}

fn text(index: u32) -> String {
    let (revision, before) = (id(index), id(index - 1));
    let down = if index == 1 { "None".to_owned() } else { format!("'{before}'") };
    let change =
        "    op.add_column('apps', sa.Column('note', sa.String(length=255), nullable=True))\n".repeat(20);
    format!(
        "\"\"\"Change\n\nRevision ID: {revision}\nRevises: {before}\n\n\"\"\"\nimport sqlalchemy as sa\n\
         from alembic import op\n\nrevision = '{revision}'\ndown_revision = {down}\nbranch_labels = None\n\
         depends_on = None\n\n\ndef upgrade():\n{change}"
    )
}
