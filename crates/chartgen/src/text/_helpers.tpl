{{/* The name that all objects begin with. At most 40 characters, so that the longest suffix still fits into 63. */}}
{{- define "dify.fullname" -}}
{{- $chart := .Values.nameOverride | default .Chart.Name -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name) -}}
{{- $name = .Values.fullnameOverride | default $name -}}
{{- if gt (len $name) 40 -}}
{{- $name = printf "%s-%s" (trunc 31 $name | trimSuffix "-") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- $name -}}
{{- end }}

{{/* Labels that never change: selectors, pods, and whatever a checksum is taken of. Arguments: root, component. */}}
{{- define "dify.selectorLabels" -}}
app.kubernetes.io/name: {{ (index . 0).Values.nameOverride | default (index . 0).Chart.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of objects. Arguments: root, component. */}}
{{- define "dify.labels" -}}
{{ include "dify.selectorLabels" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version | replace "+" "_" }}
{{- with (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The reference of an image. Arguments: root, image. */}}
{{- define "dify.image" -}}
{{- $image := index . 1 -}}
{{- with (index . 0).Values.global.imageRegistry | default $image.registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag }}{{ end -}}
{{- end }}

{{/* Where a secret is kept: the user's own Secret, that of literal values, or that of the keys job. Arguments: root, secret. */}}
{{- define "dify.secretName" -}}
{{- $root := index . 0 -}}
{{- $secret := index . 1 -}}
{{- if $secret.existingSecret.name -}}
{{- $secret.existingSecret.name -}}
{{- else if $secret.value -}}
{{- include "dify.fullname" $root }}-values
{{- else -}}
{{- $root.Values.secrets.existingSecret | default (printf "%s-keys" (include "dify.fullname" $root)) -}}
{{- end -}}
{{- end }}

{{/* A secret as the source of a variable. Arguments: root, key, secret. */}}
{{- define "dify.secretRef" -}}
{{- $key := (index . 2).existingSecret.key | default (index . 1) -}}
{secretKeyRef: {name: {{ include "dify.secretName" (list (index . 0) (index . 2)) }}, key: {{ $key }}}}
{{- end }}

{{/* A secret as a file of a projected volume. Arguments: root, key, secret, and the file's name if it is not the key. */}}
{{- define "dify.secretFile" -}}
{{- $key := (index . 2).existingSecret.key | default (index . 1) -}}
{{- $file := ternary (index . 1) (last .) (eq (len .) 3) -}}
{name: {{ include "dify.secretName" (list (index . 0) (index . 2)) }}, items: [{key: {{ $key }}, path: {{ $file }}}]}
{{- end }}

{{/* Says something unless Redis has no password: the built-in one always has. */}}
{{- define "dify.redisPassword" -}}
{{- $password := .Values.externalRedis.password -}}
{{- if or (not .Values.externalRedis.enabled) $password.value $password.existingSecret.name }}yes{{ end -}}
{{- end }}

{{/* The sections of the vector stores that are enabled: one at most, or the values are refused. */}}
{{- define "dify.vectorStore" -}}
{{- $enabled := list -}}
{{- range list "externalPgvector" "externalWeaviate" "externalQdrant" "externalMilvus" "externalElasticsearch" "externalOpenSearch"
    "externalChroma" "externalTencentVectorDB" "externalMyScaleDB" "externalTableStore" "externalVectorStore" "weaviate" "qdrant" -}}
{{- if (index $.Values .).enabled }}{{ $enabled = append $enabled . }}{{ end -}}
{{- end -}}
{{- join " and " $enabled -}}
{{- end }}

{{/* The literal secrets of externalVectorStore, as data of a Secret. */}}
{{- define "dify.vectorLiterals" -}}
{{- if .Values.externalVectorStore.enabled -}}
{{- range $name, $secret := .Values.externalVectorStore.secrets -}}
{{- with $secret.value }}
{{ $name }}: {{ . | quote }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The URL of a database of Redis; the kubelet puts the password in. Arguments: root, number of the database. */}}
{{- define "dify.redisUrl" -}}
{{- $root := index . 0 -}}
{{- $redis := $root.Values.externalRedis -}}
{{- $user := ternary (printf "%s:$(REDIS_PASSWORD)@" $redis.username) "" (eq "yes" (include "dify.redisPassword" $root)) -}}
{{- if not $redis.enabled -}}
redis://{{ $user }}{{ include "dify.fullname" $root }}-redis:6379/{{ index . 1 }}
{{- else if $redis.sentinel.enabled -}}
{{- range $i, $sentinel := $redis.sentinel.sentinels -}}
{{- if $i }};{{ end }}sentinel://{{ $user }}{{ $sentinel }}/{{ index $ 1 }}
{{- end -}}
{{- else -}}
{{ ternary "rediss" "redis" $redis.useSSL }}://{{ $user }}{{ $redis.host }}:{{ $redis.port }}/{{ index . 1 }}
{{- end -}}
{{- end }}

{{/* The agent backend's URL of Redis: its client verifies the server unless it is told otherwise. */}}
{{- define "dify.agentRedisUrl" -}}
{{ include "dify.redisUrl" (list . .Values.externalRedis.db.agent) }}
{{- if and .Values.externalRedis.useSSL (not .Values.externalRedis.sslVerify) }}?ssl_cert_reqs=none{{ end }}
{{- end }}

{{/* The CA bundle as a source of a projected volume; nothing where there is none. */}}
{{- define "dify.caBundle" -}}
{{- $bundle := .Values.global.caBundle -}}
{{- with $bundle.existingConfigMap | default $bundle.existingSecret -}}
- {{ ternary "configMap" "secret" (ne "" $bundle.existingConfigMap) }}:
    {name: {{ . }}, items: [{key: {{ $bundle.key | quote }}, path: ca.crt}]}
{{- end -}}
{{- end }}

{{/* The same, and what clients of PostgreSQL show: libpq refuses a key that others than owner and group can read. */}}
{{- define "dify.tlsFiles" -}}
{{- include "dify.caBundle" . -}}
{{- with include "dify.postgresClient" . }}
- secret:
    name: {{ . }}
    items: [{key: tls.crt, path: postgres.crt}, {key: tls.key, path: postgres.key, mode: 0440}]
{{- end -}}
{{- end }}

{{/* The Secret with the certificate that clients of PostgreSQL show, if they do. */}}
{{- define "dify.postgresClient" -}}
{{- if .Values.externalPostgres.enabled }}{{ .Values.externalPostgres.clientCertificate }}{{ end -}}
{{- end }}

{{/* DB_EXTRAS at PostgreSQL: what is appended to the database's URL, in libpq's words. */}}
{{- define "dify.postgresExtras" -}}
sslmode={{ .Values.externalPostgres.sslMode }}
{{- if hasPrefix "verify" .Values.externalPostgres.sslMode }}&sslrootcert=/run/dify/tls/ca.crt{{ end }}
{{- if include "dify.postgresClient" . }}&sslcert=/run/dify/tls/postgres.crt&sslkey=/run/dify/tls/postgres.key{{ end }}
{{- with .Values.externalPostgres.extraParameters }}&{{ . }}{{ end }}
{{- end }}

{{/* DB_EXTRAS at MySQL, in PyMySQL's words: any word that begins with ssl_ turns TLS on. */}}
{{- define "dify.mysqlExtras" -}}
{{- $tls := dict "disable" "" "require" "ssl_check_hostname=false" "verify-full" "ssl_ca=/run/dify/tls/ca.crt" -}}
{{- list (index $tls .Values.externalMysql.sslMode) .Values.externalMysql.extraParameters | compact | join "&" -}}
{{- end }}

{{/* How many connections to the database all pods together may open, and ten for the jobs and the checks. */}}
{{- define "dify.connections" -}}
{{- $api := ternary .Values.api.autoscaling.maxReplicas .Values.api.replicas .Values.api.autoscaling.enabled -}}
{{- $worker := ternary .Values.worker.autoscaling.maxReplicas .Values.worker.replicas .Values.worker.autoscaling.enabled -}}
{{- range .Values.workerPools -}}
{{- $pool := mergeOverwrite (deepCopy (index $.Values "worker")) . -}}
{{- $worker = add $worker (ternary $pool.autoscaling.maxReplicas $pool.replicas $pool.autoscaling.enabled) -}}
{{- end -}}
{{- $daemon := mul .Values.databasePool.pluginDaemon .Values.pluginDaemon.replicas -}}
{{- $each := add .Values.databasePool.size .Values.databasePool.maxOverflow -}}
{{- add (mul $each (add $api $worker 1)) $daemon 10 -}}
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

{{/* Five minutes more than a pod waits: the waiting ends first and says why. */}}
{{- define "dify.progressDeadline" -}}
{{- $hours := regexFind "[0-9]+h" .Values.preflight.deadline | trimSuffix "h" | int -}}
{{- $minutes := regexFind "[0-9]+m" .Values.preflight.deadline | trimSuffix "m" | int -}}
{{- $seconds := regexFind "[0-9]+s" .Values.preflight.deadline | trimSuffix "s" | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds 300 -}}
{{- end }}

{{/* The account that the pods share that open databases and buckets; empty means the namespace's default. */}}
{{- define "dify.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "dify.fullname" .) "" .Values.serviceAccount.create) -}}
{{- end }}

{{/* How a Deployment replaces its pods. */}}
{{- define "dify.strategy" -}}
{{- if eq .Values.upgrade.mode "recreate" -}}
type: Recreate
{{- else -}}
type: RollingUpdate
rollingUpdate:
  maxUnavailable: 0
  maxSurge: 1
{{- end -}}
{{- end }}

{{/* What all checks have in common; it follows the name and the command of the container. */}}
{{- define "dify.preflight" -}}
image: {{ include "dify.image" (list . .Values.image.preflight) }}
imagePullPolicy: {{ .Values.image.preflight.pullPolicy }}
env:
  - {name: PREFLIGHT_ENV_DIR, value: /run/dify/secrets}
  - {name: PREFLIGHT_DEADLINE, value: {{ .Values.preflight.deadline }}}
  - {name: PREFLIGHT_GRACE, value: {{ .Values.preflight.grace }}}
  {{- with regexFind "^[0-9]+[.][0-9]+[.][0-9]+" .Values.image.api.tag }}
  - {name: PREFLIGHT_DIFY_VERSION, value: {{ . | quote }}}
  {{- end }}
resources:
  {{- toYaml .Values.preflight.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Spreads the pods of a component over zones and nodes, where that can be had. Arguments: root, component. */}}
{{- define "dify.spread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "dify.selectorLabels" $ | nindent 6 }}
{{- end -}}
{{- end }}

{{/* Says something where OpenShift chooses the users of pods: it refuses those that name another. */}}
{{- define "dify.openshift" -}}
{{- $adapt := .Values.compatibility.openshift.adaptSecurityContext -}}
{{- $found := .Capabilities.APIVersions.Has "security.openshift.io/v1" -}}
{{- if or (eq $adapt "force") (and (eq $adapt "auto") $found) }}yes{{ end -}}
{{- end }}
