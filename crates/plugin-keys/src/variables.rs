//! Every variable that is read; the docs are made from it.

use preflight::Variable;

/// What `plugin-keys` reads.
pub const VARIABLES: &[Variable] = &[
    Variable::plain(
        "PREFLIGHT_ACCEPT_PUBLISHED",
        "false",
        "Whether a published SECRET_KEY passes with a warning, where an installation began with it",
    ),
    // Keys of api, worker, plugin daemon and sandbox.
    Variable::secret(
        "SECRET_KEY",
        "Signs sessions and file URLs of api and worker; encrypts tools' OAuth credentials",
    ),
    Variable::secret("PLUGIN_DAEMON_KEY", "What api and worker call the plugin daemon with"),
    Variable::secret("SERVER_KEY", "The same key, as the plugin daemon reads it"),
    Variable::secret("DIFY_AGENT_PLUGIN_DAEMON_API_KEY", "The same key, as the agent backend reads it"),
    Variable::secret("INNER_API_KEY_FOR_PLUGIN", "What the plugin daemon calls the api back with"),
    Variable::secret("PLUGIN_DIFY_INNER_API_KEY", "The same key, as Dify's compose file names it"),
    Variable::secret("DIFY_INNER_API_KEY", "The same key, as the plugin daemon reads it"),
    Variable::secret("DIFY_AGENT_INNER_API_KEY", "The same key, as the agent backend reads it"),
    Variable::secret("CODE_EXECUTION_API_KEY", "What api and worker call the sandbox with"),
    Variable::secret("SANDBOX_API_KEY", "The same key, as Dify's compose file names it"),
    Variable::secret(
        "API_KEY",
        "The same key, as the sandbox reads it; looked at in --holder sandbox=... alone",
    ),
    // Keys of the agents.
    Variable::secret("AGENT_BACKEND_API_TOKEN", "What api and worker call the agent backend with"),
    Variable::secret("DIFY_AGENT_API_TOKEN", "The same token, as the agent backend reads it"),
    Variable::secret(
        "DIFY_AGENT_SERVER_SECRET_KEY",
        "32 bytes as base64url, by which the agent backend makes tokens of its own",
    ),
    Variable::secret(
        "SHELLCTL_AUTH_TOKEN",
        "What the local sandbox of the agents is called with; empty lets everybody in",
    ),
    Variable::secret(
        "DIFY_AGENT_LOCAL_SANDBOX_AUTH_TOKEN",
        "The same token, as the agent backend reads it from Dify 1.17 on",
    ),
    Variable::secret(
        "DIFY_AGENT_SHELLCTL_AUTH_TOKEN",
        "The same token, as the agent backend reads it before that",
    ),
    // Passwords.
    Variable::secret("DB_PASSWORD", "Password of the database"),
    Variable::secret("POSTGRES_PASSWORD", "The same password, as a PostgreSQL image reads it"),
    Variable::secret("REDIS_PASSWORD", "Password of Redis"),
    Variable::secret("WEAVIATE_API_KEY", "What api and worker call Weaviate with"),
    Variable::secret(
        "AUTHENTICATION_APIKEY_ALLOWED_KEYS",
        "The keys that Weaviate takes, separated by commas",
    ),
    Variable::secret(
        "WEAVIATE_AUTHENTICATION_APIKEY_ALLOWED_KEYS",
        "The same, as Dify's compose file names it",
    ),
    Variable::secret("QDRANT_API_KEY", "What api and worker call Qdrant with"),
    Variable::secret("QDRANT__SERVICE__API_KEY", "The same key, as Qdrant reads it"),
    Variable::secret("PGVECTOR_PASSWORD", "Password of the vector store"),
    Variable::secret("PGVECTOR_POSTGRES_PASSWORD", "The same password, as Dify's compose file names it"),
    Variable::secret("ELASTICSEARCH_PASSWORD", "Password of the vector store"),
    Variable::secret("ELASTIC_PASSWORD", "The same password, as Elasticsearch reads it"),
    Variable::secret("OPENSEARCH_PASSWORD", "Password of the vector store"),
    Variable::secret("OPENSEARCH_INITIAL_ADMIN_PASSWORD", "The same password, as OpenSearch reads it"),
    Variable::secret("MILVUS_PASSWORD", "Password of the vector store"),
    Variable::secret("S3_SECRET_KEY", "Key of the storage"),
    Variable::secret("INIT_PASSWORD", "Asked for once, before the first setup; 30 characters at most"),
    Variable::secret("ADMIN_API_KEY", "Key of the plugin daemon's admin API; 10 characters at least"),
    Variable::secret("PASSWORD_PEPPER", "From Dify 1.18 on a part of every password's hash"),
    // URLs that must match.
    Variable::plain("PLUGIN_DAEMON_URL", "", "Where api and worker find the plugin daemon"),
    Variable::plain("DIFY_AGENT_PLUGIN_DAEMON_URL", "", "Where the agent backend finds it"),
    Variable::plain("DIFY_INNER_API_URL", "", "Where the plugin daemon finds the api"),
    Variable::plain("PLUGIN_DIFY_INNER_API_URL", "", "The same, as Dify's compose file names it"),
    Variable::plain("DIFY_AGENT_INNER_API_URL", "", "Where the agent backend finds the api"),
    Variable::plain("CODE_EXECUTION_ENDPOINT", "", "Where api and worker find the sandbox"),
    Variable::plain("AGENT_BACKEND_BASE_URL", "", "Where api and worker find the agent backend"),
    Variable::plain(
        "DIFY_AGENT_LOCAL_SANDBOX_ENDPOINT",
        "",
        "Where the agent backend finds the local sandbox, from Dify 1.17 on",
    ),
    Variable::plain("DIFY_AGENT_SHELLCTL_ENTRYPOINT", "", "The same before that"),
    Variable::plain(
        "DIFY_AGENT_STUB_API_BASE_URL",
        "",
        "Where agents' shells find the agent backend; needs DIFY_AGENT_SERVER_SECRET_KEY",
    ),
    Variable::plain(
        "ENDPOINT_URL_TEMPLATE",
        "",
        "Public address of plugins' endpoints, with {hook_id} in it",
    ),
    Variable::plain("FILES_URL", "", "Public address of files"),
    Variable::plain(
        "INTERNAL_FILES_URL",
        "",
        "Address of files for plugin daemon, sandbox and agent backend",
    ),
    Variable::plain("TRIGGER_URL", "", "Public address of triggers"),
    Variable::plain("CONSOLE_API_URL", "", "Public address of the console's API"),
    Variable::plain("CONSOLE_WEB_URL", "", "Public address of the console"),
    Variable::plain("NEXT_PUBLIC_SOCKET_URL", "", "Public address of the websocket"),
    Variable::plain("SSRF_PROXY_HTTP_URL", "", "Proxy for HTTP nodes and tools; counts only beside the next"),
    Variable::plain("SSRF_PROXY_HTTPS_URL", "", "The same for https URLs"),
    Variable::plain("SSRF_PROXY_ALL_URL", "", "One proxy for both"),
    // What decides about keys.
    Variable::plain(
        "PREFLIGHT_DIFY_VERSION",
        "",
        "Release of Dify, such as 1.16.1, for rules that hold from one on",
    ),
    Variable::plain("STORAGE_TYPE", "opendal", "Decides what an empty SECRET_KEY comes to"),
    Variable::plain("ADMIN_API_ENABLED", "false", "Whether the plugin daemon's admin API is on"),
    Variable::secret(
        "INNER_API_KEY",
        "Another key, of the enterprise edition; looked for because it is mistaken for INNER_API_KEY_FOR_PLUGIN",
    ),
    // The cluster, for ensure and rotate.
    Variable::plain("KUBECONFIG", "", "A kubeconfig; goes before the pod's service account"),
    Variable::plain("KUBERNETES_SERVICE_HOST", "", "Set by Kubernetes in every pod"),
    Variable::plain("KUBERNETES_SERVICE_PORT", "443", "Set by Kubernetes in every pod"),
    Variable::plain(
        "PREFLIGHT_SERVICE_ACCOUNT_DIR",
        "/var/run/secrets/kubernetes.io/serviceaccount",
        "Folder with token, ca.crt and namespace of the service account",
    ),
    Variable::plain("HOME", "", "Where .kube/config is looked for if nothing else leads to a cluster"),
];
