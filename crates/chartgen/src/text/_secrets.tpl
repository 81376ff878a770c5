{{/* Where a secret is kept: the user's own Secret, that of literal values, or that of the keys job. Arguments: root, secret. */}}
{{- define "dify.secretName" -}}
{{- $root := index . 0 -}}
{{- $secret := index . 1 -}}
{{- if $secret.existingSecret.name -}}
{{- $secret.existingSecret.name | quote -}}
{{- else if $secret.value -}}
{{- include "dify.fullname" $root }}-values
{{- else -}}
{{- with $root.Values.secrets.existingSecret }}{{ quote . }}{{ else }}{{ include "dify.fullname" $root }}-keys{{ end -}}
{{- end -}}
{{- end }}

{{/* A secret as the source of a variable. Arguments: root, key, secret. */}}
{{- define "dify.secretRef" -}}
{{- $key := index . 1 -}}
{{- with (index . 2).existingSecret.key }}{{- $key = quote . }}{{- end -}}
{secretKeyRef: {name: {{ include "dify.secretName" (list (index . 0) (index . 2)) }}, key: {{ $key }}}}
{{- end }}

{{/* A secret as a file of a projected volume. Arguments: root, key, secret, and the file's name if it is not the key. */}}
{{- define "dify.secretFile" -}}
{{- $key := index . 1 -}}
{{- with (index . 2).existingSecret.key }}{{- $key = quote . }}{{- end -}}
{{- $file := ternary (index . 1) (last .) (eq (len .) 3) -}}
{name: {{ include "dify.secretName" (list (index . 0) (index . 2)) }}, items: [{key: {{ $key }}, path: {{ $file }}}]}
{{- end }}

{{/* Arguments of the keys job: the keys that nobody has given and that can be made up. */}}
{{- define "dify.generatedKeys" -}}
{{- $keys := dict "SECRET_KEY" .Values.secrets.secretKey "PLUGIN_DAEMON_KEY" .Values.secrets.pluginDaemonKey
    "INNER_API_KEY_FOR_PLUGIN" .Values.secrets.innerApiKey "CODE_EXECUTION_API_KEY" .Values.secrets.codeExecutionApiKey -}}
{{- if .Values.agentBackend.enabled -}}
{{- $keys = merge $keys (dict "AGENT_BACKEND_API_TOKEN" .Values.secrets.agentBackendApiToken
    "DIFY_AGENT_SERVER_SECRET_KEY" .Values.secrets.agentServerSecretKey "SHELLCTL_AUTH_TOKEN" .Values.secrets.shellctlAuthToken) -}}
{{- end -}}
{{- if not (or .Values.externalPostgres.enabled .Values.externalMysql.enabled) -}}
{{- $keys = set $keys "DB_PASSWORD" .Values.externalPostgres.password }}{{ end -}}
{{- if not .Values.externalRedis.enabled }}{{ $keys = set $keys "REDIS_PASSWORD" .Values.externalRedis.password }}{{ end -}}
{{- if .Values.weaviate.enabled }}{{ $keys = set $keys "WEAVIATE_API_KEY" .Values.externalWeaviate.apiKey }}{{ end -}}
{{- if .Values.qdrant.enabled }}{{ $keys = set $keys "QDRANT_API_KEY" .Values.externalQdrant.apiKey }}{{ end -}}
{{- range $key, $secret := $keys -}}
{{- if not (or $secret.value $secret.existingSecret.name) }}{{ printf "\n- --key=%s" $key }}{{ end -}}
{{- end -}}
{{- end }}
