{{- $store := .Values.externalVectorStore }}
{{- $reads := index (.Files.Get "files/vector-stores.yaml" | fromYaml) $store.type }}
{{- $dify := regexFind "^[0-9]+[.][0-9]+[.][0-9]+" .Values.image.api.tag }}
{{- if and $dify (semverCompare (printf "<%s" $reads.since) ($dify | default "0.0.0")) }}
{{- fail (printf "externalVectorStore.type is %s, which Dify has since %s: this is %s" $store.type $reads.since $dify) }}
{{- end }}
{{- range $name, $value := $store.settings }}
{{- if has $name $reads.secrets }}
{{- fail (printf "externalVectorStore.settings.%s is a secret: move it to externalVectorStore.secrets" $name) }}
{{- else if not (has $name $reads.settings) }}
{{- fail (printf "externalVectorStore.settings.%s: Dify reads for %s only %s" $name $store.type (join ", " $reads.settings)) }}
{{- end }}
{{- end }}
{{- range $name, $secret := $store.secrets }}
{{- if not (has $name $reads.secrets) }}
{{- fail (printf "externalVectorStore.secrets.%s: the secrets of %s are %s" $name $store.type (join ", " $reads.secrets)) }}
{{- else if not (or $secret.value (dig "existingSecret" "name" "" $secret)) }}
{{- fail (printf "externalVectorStore.secrets.%s is empty: set its value or its existingSecret.name" $name) }}
{{- else if and $secret.value (dig "existingSecret" "name" "" $secret) }}
{{- fail (printf "externalVectorStore.secrets.%s has both a value and an existingSecret: keep one" $name) }}
{{- end }}
{{- end }}
{{- range $name := $reads.required }}
{{- $kind := ternary "secrets" "settings" (has $name $reads.secrets) }}
{{- if not (hasKey (index $store $kind) $name) }}
{{- fail (printf "externalVectorStore.type is %s: set externalVectorStore.%s.%s" $store.type $kind $name) }}
{{- end }}
{{- end }}
