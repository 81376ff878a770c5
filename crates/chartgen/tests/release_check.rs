//! `release-check` on small trees: what is new, gone and unchanged in a release.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Output};

/// The least that a tree of Dify's sources has.
const DIFY: &[(&str, &str)] = &[
    (
        "api/configs/feature/__init__.py",
        "class A(BaseSettings):\n    NEW_SETTING: str = Field(\n        \
         validation_alias=AliasChoices(\"NEW_NAME\", \"SECRET_KEY\"),\n    )\n    lower: int\n",
    ),
    ("api/tests/test_a.py", "os.environ.get(\"ONLY_IN_TESTS\")\n"),
    ("api/app.py", "value = os.getenv(\"ASKED_BY_CODE\", \"1\")\n"),
    (
        "api/docker/entrypoint.sh",
        "if x; then\n  DEFAULT_QUEUES=\"mail,workflow_professional\"\nelse\n  DEFAULT_QUEUES=\"mail,new_queue\"\nfi\n\
         exec ${FROM_SCRIPT:-1} ${DEFAULT_QUEUES}\n",
    ),
    ("api/migrations/versions/a.py", "revision = 'aaaa'\ndown_revision = None\n"),
    ("api/migrations/versions/b.py", "revision = 'bbbb'\ndown_revision = 'aaaa'\n"),
    ("api/core/rag/datasource/vdb/vector_type.py", "class V(StrEnum):\n    NEW = \"new-store\"\n"),
    ("api/extensions/storage/storage_type.py", "class S(StrEnum):\n    NEW = \"new-storage\"\n"),
    ("web/docker/entrypoint.sh", "export NEXT_PUBLIC_EDITION=${EDITION}\n"),
    ("docker/docker-compose.yaml", "    image: langgenius/dify-api:9.9.9\n    image: nginx:latest\n"),
];

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartgen"));
    command.args(["release-check", "9.9.9"]).args(arguments).output().expect("chartgen runs")
}

#[test]
fn says_what_is_new_and_what_the_chart_sets_in_vain() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in DIFY {
        put(folder.path(), path, text);
    }
    let output = check(&["--dify", &folder.path().to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    for line in [
        "no data of this release",
        "  + NEW_SETTING\n",
        "  + NEW_NAME\n",
        "  + ASKED_BY_CODE\n",
        "  + FROM_SCRIPT\n",
        "  + new_queue\n",
        "  + new-store\n",
        "  + new-storage\n",
        "  + bbbb\n",
        "  + langgenius/dify-api:9.9.9\n",
        "  - CONSOLE_WEB_URL, which the chart sets\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for line in
        ["ONLY_IN_TESTS", "+ aaaa", "+ lower", "+ workflow_pro", "+ SECRET_KEY", "nginx", "+ DEFAULT_QUEUES"]
    {
        assert!(!text.contains(line), "{line}: {text}");
    }
}

#[test]
fn lists_that_it_writes_are_what_it_finds() {
    let sources = tempfile::tempdir().expect("a folder");
    let config =
        "A string `envconfig:\"SERVER_KEY\" validate:\"required\"`\nB int `envconfig:\"NEW_LIMIT\"`\n";
    put(sources.path(), "internal/types/app/config.go", config);
    let path = sources.path().to_string_lossy().into_owned();
    let lists = tempfile::tempdir().expect("a folder");
    let out = lists.path().to_string_lossy().into_owned();
    let output = check(&["--plugin-daemon", &path, "--write", &out, "--read-at", "a tag"]);
    assert!(output.status.success(), "{output:?}");
    let written = std::fs::read_to_string(lists.path().join("9.9.9/plugin-daemon.txt")).expect("a list");
    assert_eq!(written, "# Read at a tag.\nNEW_LIMIT\nSERVER_KEY\n");
}
