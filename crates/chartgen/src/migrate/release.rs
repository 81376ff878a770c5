//! What a live release leaves behind that the new one takes over: its claims.

use serde_json::Value;

use super::Move;
use super::output::at;
use super::report::Fate;

/// The chart's name, which is a part of most objects' names.
const CHART: &str = "dify";

/// The name that the old release's objects begin with.
pub(super) fn fullname(old: &Value, release: &str) -> String {
    let text = |key: &str| at(old, key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = match (text("fullnameOverride"), text("nameOverride").unwrap_or(CHART)) {
        (Some(name), _) => name.to_owned(),
        (None, name) if release.contains(name) => release.to_owned(),
        (None, name) => format!("{release}-{name}"),
    };
    cut(&name, 63)
}

fn cut(name: &str, length: usize) -> String {
    name.get(..length).unwrap_or(name).trim_end_matches('-').to_owned()
}

/// Uses the old release's claims, where its files were on volumes and still are.
pub(super) fn adopt(moving: &mut Move<'_>) {
    let Some(release) = moving.options.release.clone() else { return };
    let name = fullname(&moving.old, &release);
    // The old chart cut these names at 58 characters, and never trimmed a dash there.
    let claims = [("api", name.clone()), ("pluginDaemon", cut(&format!("{name}-plugin-daemon"), 63))];
    let buckets = [
        "externalS3",
        "externalAzureBlobStorage",
        "externalOSS",
        "externalGCS",
        "externalCOS",
        "externalOBS",
        "externalTOS",
    ];
    let bucket = buckets.into_iter().find(|section| super::choices::in_use(&moving.old, section).is_ok());
    for (section, claim) in claims {
        if let Some(bucket) = bucket {
            daemon_without_bucket(moving, section, bucket);
            continue;
        }
        let path = format!("{section}.persistence.existingClaim");
        let claim: String = claim.chars().take(58).collect();
        if moving.output.get(&path).is_none() && moving.output.set(&path, &Value::from(claim)).is_ok() {
            moving.report.add(&path, Fate::Added, format!("the claim of release {release}"));
        }
        let mode = format!("{section}.persistence.accessMode");
        let said =
            at(&moving.old, &format!("{section}.persistence.persistentVolumeClaim.accessModes")).is_some();
        if !said && moving.output.set(&mode, &Value::from("ReadWriteMany")).is_ok() {
            moving.report.add(&mode, Fate::Added, "the old chart's default");
        }
    }
    if at(&moving.old, "fullnameOverride").is_some() {
        let note = "both releases would have objects of these names: give the new one another while the old one is installed";
        moving.report.add("fullnameOverride", Fate::Refused, note);
    }
}

/// With a bucket for the application alone the old daemon kept its packages on a volume; here they go to a bucket too.
fn daemon_without_bucket(moving: &mut Move<'_>, section: &str, bucket: &str) {
    let own = at(&moving.old, &format!("{bucket}.bucketName.pluginDaemon"));
    if section == "pluginDaemon"
        && bucket != "externalAzureBlobStorage"
        && own.is_none_or(super::walk::is_nothing)
    {
        let path = format!("{bucket}.bucketName.pluginDaemon");
        let why = "the old daemon kept plugins on a volume; copy its folder into a bucket and name that here";
        moving.report.refused_key(&path, why);
    }
}
