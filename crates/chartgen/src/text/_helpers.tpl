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
app.kubernetes.io/name: {{ (index . 0).Values.nameOverride | default (index . 0).Chart.Name | quote }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of objects. Arguments: root, component, and labels that this object alone has. */}}
{{- define "dify.labels" -}}
{{ include "dify.selectorLabels" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version | replace "+" "_" }}
{{- with merge (dict) (ternary (last .) (dict) (eq (len .) 3)) (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The release of Dify: what the tag of the api's image begins with, else the chart's own. It decides which variables there are. */}}
{{- define "dify.tag" -}}
{{- regexFind "^[0-9]+[.][0-9]+[.][0-9]+" .Values.image.api.tag | default .Chart.AppVersion -}}
{{- end }}

{{/* The reference of an image. Arguments: root, image. */}}
{{- define "dify.image" -}}
{{- $image := index . 1 -}}
{{- with (index . 0).Values.global.imageRegistry | default $image.registry }}{{ . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag }}{{ end -}}
{{- end }}

{{/* The account that the pods share that open databases and buckets; empty means the namespace's default. */}}
{{- define "dify.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "dify.fullname" .) "" .Values.serviceAccount.create) -}}
{{- end }}

{{/* Where browsers open their websocket: at the console's address, unless the user says where. */}}
{{- define "dify.socketUrl" -}}
{{- .Values.apiWebsocket.socketUrl | default (print "ws" (trimPrefix "http" .Values.global.consoleApiDomain)) -}}
{{- end }}
