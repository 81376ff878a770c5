//! The queues that workers take tasks from. A queue that nobody takes from is a feature that hangs.

/// A queue and the first release that fills it, if not all do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Celery's name, which is also that of the list in Redis.
    pub name: &'static str,
    since: Option<&'static str>,
}

const fn queue(name: &'static str) -> Queue {
    Queue { name, since: None }
}

const fn since(name: &'static str, release: &'static str) -> Queue {
    Queue { name, since: Some(release) }
}

/// Those that the api image's own entrypoint lists for a self-hosted edition.
const QUEUES: &[Queue] = &[
    queue("dataset"),
    queue("priority_dataset"),
    queue("priority_pipeline"),
    queue("pipeline"),
    queue("mail"),
    queue("ops_trace"),
    queue("app_deletion"),
    queue("plugin"),
    queue("workflow_storage"),
    queue("conversation"),
    queue("workflow"),
    queue("schedule_poller"),
    queue("schedule_executor"),
    queue("triggered_workflow_dispatcher"),
    queue("trigger_refresh_executor"),
    since("retention", "1.12.0"),
    since("api_token", "1.13.0"),
    since("workflow_based_app_execution", "1.13.0"),
    since("dataset_summary", "1.14.0"),
    since("trigger_refresh_publisher", "1.14.0"),
    since("app_rbac", "1.16.0"),
];

/// The queues of this release.
pub fn queues(release: &str) -> impl Iterator<Item = &'static Queue> {
    let release = crate::env::number(release);
    QUEUES.iter().filter(move |queue| queue.since.is_none_or(|since| crate::env::number(since) <= release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_the_queues_that_its_entrypoint_lists() {
        let names = |release: &str| queues(release).map(|queue| queue.name).collect::<Vec<_>>();
        assert_eq!(names("1.10.1").len(), 15);
        assert_eq!(names("1.16.1").len(), 21);
        assert!(names("1.16.1").contains(&"workflow_based_app_execution"));
        assert!(!names("1.10.1").contains(&"retention"));
    }
}
