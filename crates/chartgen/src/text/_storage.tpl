{{/* The connection string of Azure as a secret: the user's, or one that is put together from a literal key. */}}
{{- define "dify.azureConnection" -}}
{{- $azure := .Values.externalAzureBlobStorage -}}
{{- $given := or $azure.connectionString.value $azure.connectionString.existingSecret.name -}}
{{- $parts := list (printf "AccountName=%s" $azure.account) (printf "AccountKey=%s" $azure.key.value)
    (printf "BlobEndpoint=%s" $azure.url) -}}
{{- $made := ternary (join ";" $parts) "" (and $azure.enabled (not $given) (ne $azure.key.value "")) -}}
{{- toJson (dict "value" ($azure.connectionString.value | default $made) "existingSecret" $azure.connectionString.existingSecret) -}}
{{- end }}
