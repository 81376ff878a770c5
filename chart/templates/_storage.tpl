{{/* Written by chartgen: resources/storage.rs. */}}
{{/* The stores of objects that are enabled: one at most, or the values are refused. */}}
{{- define "dify.objectStore" -}}
{{- $enabled := list -}}
{{- range list "externalS3" "externalAzureBlobStorage" "externalOSS"
    "externalGCS" "externalCOS" "externalOBS" "externalTOS" -}}
{{- if (index $.Values .).enabled }}{{ $enabled = append $enabled . }}{{ end -}}
{{- end -}}
{{- join " and " $enabled -}}
{{- end }}

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

{{/* The keys of the store in use, as JSON: for the api, for the plugin daemon, and for a job that does the work of
both, the name of each variable, the key in its Secret, and the secret. */}}
{{- define "dify.objectStoreKeys" -}}
{{- $api := dict }}
{{- $daemon := dict }}
{{- if and .Values.externalS3.enabled (not .Values.externalS3.useIAM) }}
{{- $api = dict
    "S3_ACCESS_KEY" (dict "key" "S3_ACCESS_KEY" "secret" .Values.externalS3.accessKey)
    "S3_SECRET_KEY" (dict "key" "S3_SECRET_KEY" "secret" .Values.externalS3.secretKey) }}
{{- $daemon = dict
    "AWS_ACCESS_KEY" (dict "key" "S3_ACCESS_KEY" "secret" .Values.externalS3.accessKey)
    "AWS_SECRET_KEY" (dict "key" "S3_SECRET_KEY" "secret" .Values.externalS3.secretKey) }}
{{- else if and .Values.externalAzureBlobStorage.enabled (not .Values.externalAzureBlobStorage.useManagedIdentity) }}
{{- $api = dict
    "AZURE_BLOB_ACCOUNT_KEY" (dict "key" "AZURE_BLOB_ACCOUNT_KEY" "secret" .Values.externalAzureBlobStorage.key) }}
{{- $daemon = dict
    "AZURE_BLOB_STORAGE_CONNECTION_STRING" (dict "key" "AZURE_BLOB_STORAGE_CONNECTION_STRING"
        "secret" (include "dify.azureConnection" . | fromJson)) }}
{{- else if .Values.externalOSS.enabled }}
{{- $api = dict
    "ALIYUN_OSS_ACCESS_KEY" (dict "key" "ALIYUN_OSS_ACCESS_KEY" "secret" .Values.externalOSS.accessKey)
    "ALIYUN_OSS_SECRET_KEY" (dict "key" "ALIYUN_OSS_SECRET_KEY" "secret" .Values.externalOSS.secretKey) }}
{{- $daemon = dict
    "ALIYUN_OSS_ACCESS_KEY_ID" (dict "key" "ALIYUN_OSS_ACCESS_KEY" "secret" .Values.externalOSS.accessKey)
    "ALIYUN_OSS_ACCESS_KEY_SECRET" (dict "key" "ALIYUN_OSS_SECRET_KEY" "secret" .Values.externalOSS.secretKey) }}
{{- else if and .Values.externalGCS.enabled (not .Values.externalGCS.useWorkloadIdentity) }}
{{- $api = dict
    "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64" (dict "key" "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"
        "secret" .Values.externalGCS.serviceAccountJsonBase64) }}
{{- $daemon = dict
    "GCS_CREDENTIALS" (dict "key" "GOOGLE_STORAGE_SERVICE_ACCOUNT_JSON_BASE64"
        "secret" .Values.externalGCS.serviceAccountJsonBase64) }}
{{- else if .Values.externalCOS.enabled }}
{{- $api = dict
    "TENCENT_COS_SECRET_ID" (dict "key" "TENCENT_COS_SECRET_ID" "secret" .Values.externalCOS.secretId)
    "TENCENT_COS_SECRET_KEY" (dict "key" "TENCENT_COS_SECRET_KEY" "secret" .Values.externalCOS.secretKey) }}
{{- $daemon = dict
    "TENCENT_COS_SECRET_ID" (dict "key" "TENCENT_COS_SECRET_ID" "secret" .Values.externalCOS.secretId)
    "TENCENT_COS_SECRET_KEY" (dict "key" "TENCENT_COS_SECRET_KEY" "secret" .Values.externalCOS.secretKey) }}
{{- else if .Values.externalOBS.enabled }}
{{- $api = dict
    "HUAWEI_OBS_ACCESS_KEY" (dict "key" "HUAWEI_OBS_ACCESS_KEY" "secret" .Values.externalOBS.accessKey)
    "HUAWEI_OBS_SECRET_KEY" (dict "key" "HUAWEI_OBS_SECRET_KEY" "secret" .Values.externalOBS.secretKey) }}
{{- $daemon = dict
    "HUAWEI_OBS_ACCESS_KEY" (dict "key" "HUAWEI_OBS_ACCESS_KEY" "secret" .Values.externalOBS.accessKey)
    "HUAWEI_OBS_SECRET_KEY" (dict "key" "HUAWEI_OBS_SECRET_KEY" "secret" .Values.externalOBS.secretKey) }}
{{- else if .Values.externalTOS.enabled }}
{{- $api = dict
    "VOLCENGINE_TOS_ACCESS_KEY" (dict "key" "VOLCENGINE_TOS_ACCESS_KEY" "secret" .Values.externalTOS.accessKey)
    "VOLCENGINE_TOS_SECRET_KEY" (dict "key" "VOLCENGINE_TOS_SECRET_KEY" "secret" .Values.externalTOS.secretKey) }}
{{- $daemon = dict
    "VOLCENGINE_TOS_ACCESS_KEY" (dict "key" "VOLCENGINE_TOS_ACCESS_KEY" "secret" .Values.externalTOS.accessKey)
    "VOLCENGINE_TOS_SECRET_KEY" (dict "key" "VOLCENGINE_TOS_SECRET_KEY" "secret" .Values.externalTOS.secretKey) }}
{{- end }}
{{- toJson (dict "api" $api "daemon" $daemon "both" (merge dict $api $daemon)) }}
{{- end }}
