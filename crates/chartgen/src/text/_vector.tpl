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
