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
