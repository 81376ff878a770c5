{{/* The connection string of Azure as a secret: the user's, or one that is put together from a literal key. */}}
{{- define "dify.azureConnection" -}}
{{- $azure := .Values.externalAzureBlobStorage -}}
{{- $given := or $azure.connectionString.value $azure.connectionString.existingSecret.name -}}
{{- $parts := list (printf "AccountName=%s" $azure.account) (printf "AccountKey=%s" $azure.key.value)
    (printf "BlobEndpoint=%s" $azure.url) -}}
{{- $made := ternary (join ";" $parts) "" (and $azure.enabled (not $given) (ne $azure.key.value "")) -}}
{{- toJson (dict "value" ($azure.connectionString.value | default $made) "existingSecret" $azure.connectionString.existingSecret) -}}
{{- end }}

{{/* Pods that hold a volume which one node alone can have belong on that node, or they wait for it without end.
Arguments: root, and a component that holds such a volume. */}}
{{- define "dify.besideFiles" -}}
{{- $values := (index . 0).Values -}}
{{- $of := dict "api" (list "api" "api-websocket" "worker" "beat" "migrate" "test") "pluginDaemon" (list "plugin-daemon") -}}
{{- $together := list -}}
{{- range $section, $components := $of -}}
{{- if ne (index $values $section).persistence.accessMode "ReadWriteMany" }}{{ $together = concat $together $components }}{{ end -}}
{{- end -}}
{{- if $together }}{{ $together = append $together "bootstrap" }}{{ end -}}
{{- if and (not (include "dify.objectStore" (index . 0))) (has (index . 1) $together) -}}
{{- include "dify.besideThese" (list (index . 0) $together) -}}
{{- end -}}
{{- end }}

{{/* An affinity that holds pods of these components on one node. Arguments: root, components. */}}
{{- define "dify.besideThese" -}}
podAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels: {app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}}
        matchExpressions:
          - {key: app.kubernetes.io/component, operator: In, values: [{{ join ", " (index . 1) }}]}
{{- end }}
