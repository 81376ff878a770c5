{{/* Written by chartgen: resources/secret.rs. */}}
{{/* The literal secrets that a component reads: a pod restarts when one of its own changes. Arguments: root, component. */}}
{{- define "dify.literals" -}}
{{- $root := index . 0 -}}
{{- $secret := include (print $root.Template.BasePath "/secrets/secret.yaml") $root | fromYaml -}}
{{- $readers := include "dify.literalReaders" $root | fromYaml -}}
{{- range $key, $value := dig "stringData" dict $secret -}}
{{- if has (index $ 1) (get $readers $key | default (get $readers "externalVectorStore")) }}
{{ $key }}: {{ $value | quote }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Who reads which literal secret. */}}
{{- define "dify.literalReaders" }}
SECRET_KEY: [api, api-websocket, beat, migrate, worker]
PLUGIN_DAEMON_KEY: [agent-backend, api, api-websocket, beat, plugin-daemon, worker]
INNER_API_KEY_FOR_PLUGIN: [agent-backend, api, api-websocket, beat, plugin-daemon, worker]
CODE_EXECUTION_API_KEY: [api, api-websocket, beat, sandbox, worker]
AGENT_BACKEND_API_TOKEN: [agent-backend, api, api-websocket, beat, worker]
DIFY_AGENT_SERVER_SECRET_KEY: [agent-backend]
SHELLCTL_AUTH_TOKEN: [agent-backend, local-sandbox]
DB_PASSWORD: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, postgresql, worker]
REDIS_PASSWORD: [agent-backend, api, api-websocket, beat, migrate, plugin-daemon, redis, worker]
PREFLIGHT_ADMIN_DB_PASSWORD: [bootstrap]
MYSQL_PASSWORD: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
PREFLIGHT_ADMIN_MYSQL_PASSWORD: [bootstrap]
REDIS_CLUSTERS_PASSWORD: [api, api-websocket, beat, migrate, worker]
REDIS_SENTINEL_PASSWORD: [agent-backend, api, api-websocket, beat, migrate, plugin-daemon, worker]
CELERY_BROKER_URL: [api, api-websocket, beat, migrate, worker]
EVENT_BUS_REDIS_URL: [api, api-websocket, beat, worker]
INIT_PASSWORD: [api, api-websocket, beat, worker]
RESEND_API_KEY: [api, api-websocket, beat, worker]
SMTP_PASSWORD: [api, api-websocket, beat, worker]
SENDGRID_API_KEY: [api, api-websocket, beat, worker]
OTLP_API_KEY: [api, api-websocket, beat, worker]
SENTRY_DSN: [api, api-websocket, beat, worker]
S3_ACCESS_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
S3_SECRET_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
AZURE_BLOB_ACCOUNT_KEY: [api, api-websocket, beat, bootstrap, migrate, worker]
AZURE_BLOB_STORAGE_CONNECTION_STRING: [bootstrap, plugin-daemon]
ALIYUN_OSS_ACCESS_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
ALIYUN_OSS_SECRET_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
TENCENT_COS_SECRET_ID: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
TENCENT_COS_SECRET_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
HUAWEI_OBS_ACCESS_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
HUAWEI_OBS_SECRET_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
VOLCENGINE_TOS_ACCESS_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
VOLCENGINE_TOS_SECRET_KEY: [api, api-websocket, beat, bootstrap, migrate, plugin-daemon, worker]
PGVECTOR_PASSWORD: [api, api-websocket, beat, bootstrap, worker]
QDRANT_API_KEY: [api, api-websocket, beat, qdrant, worker]
WEAVIATE_API_KEY: [api, api-websocket, beat, weaviate, worker]
MILVUS_PASSWORD: [api, api-websocket, beat, worker]
MILVUS_TOKEN: [api, api-websocket, beat, worker]
ELASTICSEARCH_PASSWORD: [api, api-websocket, beat, worker]
ELASTICSEARCH_API_KEY: [api, api-websocket, beat, worker]
OPENSEARCH_PASSWORD: [api, api-websocket, beat, worker]
CHROMA_AUTH_CREDENTIALS: [api, api-websocket, beat, worker]
TENCENT_VECTOR_DB_API_KEY: [api, api-websocket, beat, worker]
MYSCALE_PASSWORD: [api, api-websocket, beat, worker]
TABLESTORE_ACCESS_KEY_ID: [api, api-websocket, beat, worker]
TABLESTORE_ACCESS_KEY_SECRET: [api, api-websocket, beat, worker]
externalVectorStore: [api, api-websocket, beat, bootstrap, worker]
{{- end }}
