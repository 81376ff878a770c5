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

{{/* Five minutes more than a pod waits: the waiting ends first and says why. */}}
{{- define "dify.progressDeadline" -}}
{{- $hours := regexFind "[0-9]+h" .Values.preflight.deadline | trimSuffix "h" | int -}}
{{- $minutes := regexFind "[0-9]+m" .Values.preflight.deadline | trimSuffix "m" | int -}}
{{- $seconds := regexFind "[0-9]+s" .Values.preflight.deadline | trimSuffix "s" | int -}}
{{- add (mul $hours 3600) (mul $minutes 60) $seconds 300 -}}
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

{{/* The variables of several lists. Server-side apply takes no name twice, so the last one holds. Arguments: the lists. */}}
{{- define "dify.extraEnv" -}}
{{- $all := list -}}
{{- $last := dict -}}
{{- range . }}{{ $all = concat $all . }}{{ end -}}
{{- range $place, $one := $all }}{{ $_ := set $last $one.name $place }}{{ end -}}
{{- range $place, $one := $all -}}
{{- if eq $place (get $last $one.name) }}
{{ toYaml (list $one) }}{{ "\n" }}
{{- end -}}
{{- end -}}
{{- end }}
