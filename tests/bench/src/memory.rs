//! Peak resident memory while waiting for what refuses.

use std::thread::sleep;
use std::time::Duration;

use testbed::Tool;
use testbed::proxy::{Fault, Proxy};

use crate::budgets;
use crate::doors::{Doors, Ports};
use crate::ours::Ours;
use crate::peers::Peer;
use crate::proc::{peak_memory, peak_memory_of_all};
use crate::report::{self, Report};

/// Long enough for every kind of try to have been made.
const WAIT: Duration = Duration::from_secs(5);
/// For a single try to have sent its question.
const TRY: Duration = Duration::from_secs(1);

pub(crate) fn measure(report: &mut Report, ours: &[&Ours], peers: &[&Peer]) -> Result<(), String> {
    report::table(
        "Peak resident memory while waiting",
        "`VmHWM` after 5 s at a refused port. The program that a loop starts each second is measured in a try at a \
         server that accepts and never answers.",
        &["waiter", "process", "summed up with what it starts"],
    );
    let doors = Doors::closed(Ports::default())?;
    for tool in ours {
        let (own, all) = while_waiting(tool.waiting_at(&doors).tool(), WAIT);
        let shown =
            report.size(&format!("memory of {}", tool.name), own, budgets::memory_mib(tool.name), "MiB");
        report::row(&[&format!("**{}**", tool.name), &shown, &mib(all)]);
    }
    let silent = Proxy::start(0, Fault::Hang);
    for peer in peers {
        let Some(call) = peer.waiting_at(&doors) else { continue };
        let (own, all) = while_waiting(call.tool(), WAIT);
        let once = peer.once_at(silent.port).map(|call| while_waiting(call.tool(), TRY).0);
        report::row(&[peer.name, &mib(own), &mib(once.map_or(all, |once| own + once))]);
    }
    Ok(())
}

/// Of the process alone, and of all that it has started.
fn while_waiting(tool: Tool, time: Duration) -> (f64, f64) {
    let running = tool.spawn();
    sleep(time);
    let peaks = (peak_memory(running.pid()).unwrap_or(f64::NAN), peak_memory_of_all(running.pid()));
    running.signal("TERM");
    let _ = running.wait();
    peaks
}

fn mib(value: f64) -> String {
    format!("{value:.2} MiB")
}
