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

{{/* How many pods of a component there may be at most. Argument: its values. */}}
{{- define "dify.mostPods" -}}
{{- $most := ternary .autoscaling.maxReplicas .replicas .autoscaling.enabled -}}
{{- $most = ternary (dig "keda" "maxReplicas" $most .) $most (dig "keda" "enabled" false .) -}}
{{- ternary $most 0 (dig "enabled" true .) -}}
{{- end }}

{{/* How many connections to the database all pods together may open, and ten for the jobs and the checks. */}}
{{- define "dify.connections" -}}
{{- $worker := index .Values "worker" -}}
{{- $pods := ternary 1 0 .Values.beat.enabled -}}
{{- range list (index .Values "api") (index .Values "apiWebsocket") $worker -}}
{{- $pods = include "dify.mostPods" . | int | add $pods -}}
{{- end -}}
{{- range .Values.workerPools -}}
{{- $pods = include "dify.mostPods" (mergeOverwrite (deepCopy $worker) .) | int | add $pods -}}
{{- end -}}
{{- $daemon := include "dify.mostPods" (index .Values "pluginDaemon") | int -}}
{{- $each := add .Values.databasePool.size .Values.databasePool.maxOverflow -}}
{{- add (mul $each $pods) (mul .Values.databasePool.pluginDaemon $daemon) 10 -}}
{{- end }}
