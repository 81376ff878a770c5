//! The keys.

use super::role::Role;
use super::{Form, Holding, Key, Made, Rotation};

const fn held(role: Role, names: &'static [&'static str]) -> Holding {
    Holding { role, names }
}

/// What most keys have in common.
const KEY: Key = Key {
    name: "",
    form: Form::Header,
    twins: &[],
    holdings: &[],
    use_of_it: "",
    may_be_empty: false,
    needed: false,
    made: Made::Always,
    length: (1, usize::MAX),
    rotation: Rotation::Free(""),
};

/// The same value in api and worker, which `check` compares where both are given.
const fn both(name: &'static [&'static str]) -> [Holding; 2] {
    [held(Role::Api, name), held(Role::Worker, name)]
}

const OF_A_SERVER: Rotation = Rotation::Refused(
    "the server that it belongs to would have to learn it at the same moment",
    "change it on the server and in the Secret together, then restart those who hold it",
);

/// All keys that are known; the order is that of the output.
pub(crate) const KEYS: [Key; 19] = [
    Key {
        name: "SECRET_KEY",
        form: Form::Text,
        holdings: &both(&["SECRET_KEY"]),
        use_of_it: "sessions, signed file URLs and tool credentials",
        needed: true,
        rotation: Rotation::Refused(
            "the OAuth credentials of tools are encrypted with it and would be lost",
            "keep it; if it leaked, set a new one by hand, log in again and connect the tools anew",
        ),
        ..KEY
    },
    Key {
        name: "PLUGIN_DAEMON_KEY",
        twins: &["SERVER_KEY", "DIFY_AGENT_PLUGIN_DAEMON_API_KEY"],
        holdings: &[
            held(Role::Api, &["PLUGIN_DAEMON_KEY"]),
            held(Role::Worker, &["PLUGIN_DAEMON_KEY"]),
            held(Role::Daemon, &["SERVER_KEY"]),
            held(Role::Agent, &["DIFY_AGENT_PLUGIN_DAEMON_API_KEY"]),
        ],
        use_of_it: "the api's calls to the plugin daemon",
        needed: true,
        rotation: Rotation::Free("models and tools fail until all of them run with the new key"),
        ..KEY
    },
    Key {
        name: "INNER_API_KEY_FOR_PLUGIN",
        twins: &["DIFY_INNER_API_KEY", "PLUGIN_DIFY_INNER_API_KEY", "DIFY_AGENT_INNER_API_KEY"],
        holdings: &[
            held(Role::Api, &["INNER_API_KEY_FOR_PLUGIN", "PLUGIN_DIFY_INNER_API_KEY"]),
            held(Role::Worker, &["INNER_API_KEY_FOR_PLUGIN", "PLUGIN_DIFY_INNER_API_KEY"]),
            held(Role::Daemon, &["DIFY_INNER_API_KEY"]),
            held(Role::Agent, &["DIFY_AGENT_INNER_API_KEY"]),
        ],
        use_of_it: "the plugin daemon's calls back to the api",
        needed: true,
        rotation: Rotation::Free(
            "calls from plugins back to Dify fail until all of them run with the new key",
        ),
        ..KEY
    },
    Key {
        name: "CODE_EXECUTION_API_KEY",
        // The sandbox itself reads API_KEY, a name too common to be compared in an environment of many.
        twins: &["SANDBOX_API_KEY"],
        holdings: &[
            held(Role::Api, &["CODE_EXECUTION_API_KEY"]),
            held(Role::Worker, &["CODE_EXECUTION_API_KEY"]),
            held(Role::Sandbox, &["API_KEY", "SANDBOX_API_KEY"]),
        ],
        use_of_it: "the calls of api and worker to the sandbox",
        needed: true,
        rotation: Rotation::Free("code nodes fail until all of them run with the new key"),
        ..KEY
    },
    Key {
        name: "AGENT_BACKEND_API_TOKEN",
        twins: &["DIFY_AGENT_API_TOKEN"],
        holdings: &[
            held(Role::Api, &["AGENT_BACKEND_API_TOKEN"]),
            held(Role::Worker, &["AGENT_BACKEND_API_TOKEN"]),
            held(Role::Agent, &["DIFY_AGENT_API_TOKEN"]),
        ],
        use_of_it: "the api's calls to the agent backend",
        rotation: Rotation::Free("agent apps fail until all of them run with the new token"),
        ..KEY
    },
    Key {
        name: "DIFY_AGENT_SERVER_SECRET_KEY",
        form: Form::Base64Url32,
        holdings: &[held(Role::Agent, &["DIFY_AGENT_SERVER_SECRET_KEY"])],
        use_of_it: "the agent backend's own tokens",
        rotation: Rotation::Free("agent runs that are under way lose their way back"),
        ..KEY
    },
    Key {
        name: "SHELLCTL_AUTH_TOKEN",
        twins: &["DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN", "DIFY_AGENT_SHELLCTL_AUTH_TOKEN"],
        holdings: &[
            held(Role::LocalSandbox, &["SHELLCTL_AUTH_TOKEN"]),
            held(Role::Agent, &["DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN", "DIFY_AGENT_SHELLCTL_AUTH_TOKEN"]),
        ],
        use_of_it: "the agent backend's calls to the local sandbox",
        may_be_empty: true,
        rotation: Rotation::Free("agents cannot use their shell until both run with the new token"),
        ..KEY
    },
    Key {
        name: "DB_PASSWORD",
        form: Form::Password,
        twins: &["POSTGRES_PASSWORD"],
        holdings: &both(&["DB_PASSWORD"]),
        use_of_it: "the database",
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "REDIS_PASSWORD",
        form: Form::Password,
        holdings: &both(&["REDIS_PASSWORD"]),
        use_of_it: "Redis",
        may_be_empty: true,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "WEAVIATE_API_KEY",
        form: Form::List,
        twins: &["AUTHENTICATION_APIKEY_ALLOWED_KEYS", "WEAVIATE_AUTHENTICATION_APIKEY_ALLOWED_KEYS"],
        holdings: &[
            held(Role::Api, &["WEAVIATE_API_KEY"]),
            held(Role::Worker, &["WEAVIATE_API_KEY"]),
            held(Role::Weaviate, &["AUTHENTICATION_APIKEY_ALLOWED_KEYS"]),
        ],
        use_of_it: "the calls of api and worker to Weaviate",
        made: Made::Asked,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "QDRANT_API_KEY",
        twins: &["QDRANT__SERVICE__API_KEY"],
        holdings: &both(&["QDRANT_API_KEY"]),
        use_of_it: "the calls of api and worker to Qdrant",
        may_be_empty: true,
        made: Made::Asked,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "PGVECTOR_PASSWORD",
        form: Form::Password,
        twins: &["PGVECTOR_POSTGRES_PASSWORD"],
        holdings: &both(&["PGVECTOR_PASSWORD"]),
        use_of_it: "the vector store",
        made: Made::Never,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "ELASTICSEARCH_PASSWORD",
        form: Form::Password,
        twins: &["ELASTIC_PASSWORD"],
        holdings: &both(&["ELASTICSEARCH_PASSWORD"]),
        use_of_it: "the vector store",
        may_be_empty: true,
        made: Made::Never,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "OPENSEARCH_PASSWORD",
        form: Form::Password,
        twins: &["OPENSEARCH_INITIAL_ADMIN_PASSWORD"],
        holdings: &both(&["OPENSEARCH_PASSWORD"]),
        use_of_it: "the vector store",
        may_be_empty: true,
        made: Made::Never,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "MILVUS_PASSWORD",
        form: Form::Password,
        twins: &[],
        holdings: &both(&["MILVUS_PASSWORD"]),
        use_of_it: "the vector store",
        may_be_empty: true,
        made: Made::Never,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "S3_SECRET_KEY",
        form: Form::Password,
        twins: &[],
        holdings: &both(&["S3_SECRET_KEY"]),
        use_of_it: "the storage",
        may_be_empty: true,
        made: Made::Never,
        rotation: OF_A_SERVER,
        ..KEY
    },
    Key {
        name: "INIT_PASSWORD",
        form: Form::Text,
        holdings: &[held(Role::Api, &["INIT_PASSWORD"])],
        use_of_it: "the first setup in the browser",
        may_be_empty: true,
        made: Made::Never,
        length: (1, 30),
        rotation: Rotation::Refused(
            "it is asked for once, before the setup, and never again",
            "nothing is left to protect after the setup; unset it",
        ),
        ..KEY
    },
    Key {
        name: "ADMIN_API_KEY",
        holdings: &[held(Role::Daemon, &["ADMIN_API_KEY"])],
        use_of_it: "the plugin daemon's admin API",
        may_be_empty: true,
        made: Made::Never,
        length: (10, usize::MAX),
        rotation: Rotation::Free("scripts that call the admin API need the new key"),
        ..KEY
    },
    Key {
        name: "PASSWORD_PEPPER",
        form: Form::Text,
        holdings: &both(&["PASSWORD_PEPPER"]),
        use_of_it: "every login by password",
        made: Made::Never,
        rotation: Rotation::Refused(
            "the hash of every password is made with it: nobody could log in any more",
            "keep it, and back it up together with the database",
        ),
        ..KEY
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_holder_s_name_is_known_where_all_share_one_environment() {
        for key in &KEYS {
            for holding in key.holdings {
                for name in holding.names {
                    assert!(*name == "API_KEY" || key.names().any(|known| known == *name), "{name}");
                }
            }
        }
    }

    #[test]
    fn no_name_belongs_to_two_keys() {
        let mut names: Vec<&str> = KEYS.iter().flat_map(Key::names).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
