{{/* Says something unless Redis has no password: the built-in one always has. */}}
{{- define "dify.redisPassword" -}}
{{- $password := .Values.externalRedis.password -}}
{{- if or (not .Values.externalRedis.enabled) $password.value $password.existingSecret.name }}yes{{ end -}}
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
