{{/* The CA bundle as a source of a projected volume; nothing where there is none. */}}
{{- define "dify.caBundle" -}}
{{- $bundle := .Values.global.caBundle -}}
{{- with $bundle.existingConfigMap | default $bundle.existingSecret -}}
- {{ ternary "configMap" "secret" (ne "" $bundle.existingConfigMap) }}:
    {name: {{ quote . }}, items: [{key: {{ $bundle.key | quote }}, path: ca.crt}]}
{{- end -}}
{{- end }}

{{/* The same, and what clients of PostgreSQL show: libpq refuses a key that others than owner and group can read. */}}
{{- define "dify.tlsFiles" -}}
{{- include "dify.caBundle" . -}}
{{- with include "dify.postgresClient" . }}
- secret:
    name: {{ quote . }}
    items: [{key: tls.crt, path: postgres.crt}, {key: tls.key, path: postgres.key, mode: 0440}]
{{- end -}}
{{- end }}
