{{- /* Every credential has one shape: {value} or {existingSecret, key}. */ -}}
{{- define "mastodon.validate.credentials" -}}
{{- $s3 := .Values.objectStorage.s3 }}
{{- $credentials := dict "smtp.password" .Values.smtp.password "postgresql.password" .Values.postgresql.password
  "postgresql.superuserPassword" .Values.postgresql.superuserPassword "postgresql.ca" .Values.postgresql.ca
  "redis.password" .Values.redis.password "redis.url" .Values.redis.url
  "objectStorage.s3.accessKeyId" $s3.accessKeyId "objectStorage.s3.secretAccessKey" $s3.secretAccessKey
  "import.database.server.password" .Values.import.database.server.password }}
{{- range $path, $credential := $credentials }}
{{- if and $credential.existingSecret (not $credential.key) }}
{{ $path }}.key: required when {{ $path }}.existingSecret is set. Set the key inside the Secret "{{ $credential.existingSecret }}".
{{- end }}
{{- if and $credential.key (not $credential.existingSecret) }}
{{ $path }}.existingSecret: required when {{ $path }}.key is set. Set the name of the Secret.
{{- end }}
{{- if and $credential.existingSecret $credential.value }}
{{ $path }}: value and existingSecret exclude each other. Remove one of them.
{{- end }}
{{- end }}
{{- end -}}
