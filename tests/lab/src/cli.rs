//! The command line of `lab`, which `just up` calls.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::cluster::{Cluster, Error};
use crate::pods::Pod;
use crate::{table, timeline, watch};

/// Installs Dify on the lab's cluster, or on one of yours, and shows how it starts.
#[derive(Parser)]
#[command(name = "lab", version)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install or upgrade the release, show progress, and end with pods, timeline and URL.
    Up(Release),
    /// Show the pods and the timeline of a release that is there.
    Status(Release),
}

#[derive(clap::Args)]
struct Release {
    /// A context of your kubeconfig; the lab's own cluster if not given.
    #[arg(long, env = "LAB_CONTEXT")]
    context: Option<String>,
    /// Namespace.
    #[arg(long, short, default_value = "dify")]
    namespace: String,
    /// Name of the release.
    #[arg(long = "release", default_value = "dify")]
    name: String,
    /// The chart.
    #[arg(long, default_value = "chart")]
    chart: PathBuf,
    /// Values files, in order.
    #[arg(long, short = 'f')]
    values: Vec<PathBuf>,
    /// URL under which the release can be reached, for the last screen.
    #[arg(long, env = "LAB_URL")]
    url: Option<String>,
    /// Minutes until the release is given up.
    #[arg(long, default_value_t = 15)]
    minutes: u64,
}

impl Cli {
    /// Does it; `Ok(false)` if the release did not become Ready.
    pub fn run(self) -> Result<bool, Error> {
        match self.verb {
            Verb::Up(release) => release.up(),
            Verb::Status(release) => release.status(),
        }
    }
}

impl Release {
    fn cluster(&self) -> Cluster {
        Cluster { kubeconfig: None, context: self.context.clone() }
    }

    fn up(&self) -> Result<bool, Error> {
        let cluster = self.cluster();
        let mut out = std::io::stdout();
        let _ = writeln!(out, "helm upgrade --install {} {}", self.name, self.chart.display());
        let chart = self.chart.to_string_lossy();
        let mut arguments =
            vec!["upgrade", "--install", &self.name, &chart, "-n", &self.namespace, "--create-namespace"];
        let files: Vec<String> = self.values.iter().map(|file| file.to_string_lossy().into_owned()).collect();
        for file in &files {
            arguments.extend(["-f", file]);
        }
        cluster.helm(&arguments)?;
        let deadline = Duration::from_secs(self.minutes * 60);
        let (pods, settled) =
            watch::until_settled(&cluster, &self.namespace, &self.name, deadline, &mut out)?;
        self.show(&pods);
        if !settled {
            let _ = writeln!(out, "\nNot Ready after {} minutes; the messages above say why.", self.minutes);
        }
        Ok(settled)
    }

    fn status(&self) -> Result<bool, Error> {
        let pods = Pod::of_release(&self.cluster(), &self.namespace, &self.name)?;
        self.show(&pods);
        Ok(!pods.is_empty() && pods.iter().all(Pod::settled))
    }

    fn show(&self, pods: &[Pod]) {
        let mut rows = vec![["POD", "STATE", "RESTARTS"].map(str::to_owned).to_vec()];
        rows.extend(pods.iter().map(|pod| vec![pod.name.clone(), pod.state(), pod.restarts().to_string()]));
        let mut out = std::io::stdout();
        let _ = writeln!(out, "\n{}\n\n{}", table::columns(&rows), timeline::picture(pods));
        if let Some(url) = &self.url {
            let _ = writeln!(out, "\nDify answers at {url}");
        }
        let namespace = &self.namespace;
        let _ = match &self.context {
            None => writeln!(
                out,
                "Look around: tests/cluster/run.sh kubectl get pods -n {namespace}\nTear down: ./just down"
            ),
            Some(context) => writeln!(
                out,
                "Look around: kubectl --context {context} get pods -n {namespace}\nTear down: helm --kube-context {context} uninstall {} -n {namespace}",
                self.name
            ),
        };
    }
}
