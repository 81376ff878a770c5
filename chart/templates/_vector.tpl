{{/* Written by chartgen: resources/vector.rs. */}}
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

{{/* The secrets of the vector store that is enabled, by the names of their variables, as JSON. */}}
{{- define "dify.vectorSecrets" -}}
{{- $secrets := dict }}
{{- if .Values.externalPgvector.enabled }}
{{- $secrets = dict "PGVECTOR_PASSWORD" .Values.externalPgvector.password }}
{{- else if .Values.externalWeaviate.enabled }}
{{- $secrets = dict "WEAVIATE_API_KEY" .Values.externalWeaviate.apiKey }}
{{- else if .Values.externalQdrant.enabled }}
{{- $secrets = dict "QDRANT_API_KEY" .Values.externalQdrant.apiKey }}
{{- else if .Values.externalMilvus.enabled }}
{{- $secrets = dict "MILVUS_PASSWORD" .Values.externalMilvus.password
    "MILVUS_TOKEN" .Values.externalMilvus.token }}
{{- else if .Values.externalElasticsearch.enabled }}
{{- $secrets = dict "ELASTICSEARCH_PASSWORD" .Values.externalElasticsearch.password
    "ELASTICSEARCH_API_KEY" .Values.externalElasticsearch.cloud.apiKey }}
{{- else if .Values.externalOpenSearch.enabled }}
{{- $secrets = dict "OPENSEARCH_PASSWORD" .Values.externalOpenSearch.password }}
{{- else if .Values.externalChroma.enabled }}
{{- $secrets = dict "CHROMA_AUTH_CREDENTIALS" .Values.externalChroma.authCredentials }}
{{- else if .Values.externalTencentVectorDB.enabled }}
{{- $secrets = dict "TENCENT_VECTOR_DB_API_KEY" .Values.externalTencentVectorDB.apiKey }}
{{- else if .Values.externalMyScaleDB.enabled }}
{{- $secrets = dict "MYSCALE_PASSWORD" .Values.externalMyScaleDB.password }}
{{- else if .Values.externalTableStore.enabled }}
{{- $secrets = dict "TABLESTORE_ACCESS_KEY_ID" .Values.externalTableStore.accessKeyId
    "TABLESTORE_ACCESS_KEY_SECRET" .Values.externalTableStore.accessKeySecret }}
{{- else if .Values.externalVectorStore.enabled }}
{{- $secrets = merge dict .Values.externalVectorStore.secrets }}
{{- else if .Values.weaviate.enabled }}
{{- $secrets = dict "WEAVIATE_API_KEY" .Values.externalWeaviate.apiKey }}
{{- else if .Values.qdrant.enabled }}
{{- $secrets = dict "QDRANT_API_KEY" .Values.externalQdrant.apiKey }}
{{- end }}
{{- $made := or .Values.weaviate.enabled .Values.qdrant.enabled }}
{{- range $name, $secret := $secrets }}
{{- $secret = merge $secret (dict "existingSecret" dict) }}
{{- if not (or $made $secret.value $secret.existingSecret.name) }}
{{- $secrets = unset $secrets $name }}
{{- end }}
{{- end }}
{{- toJson $secrets }}
{{- end }}
