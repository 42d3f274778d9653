{{- define "mastodon.validate.databases" -}}
{{- $postgresql := .Values.postgresql }}
{{- $redis := .Values.redis }}
{{- if eq $postgresql.mode "external" }}
{{- if not $postgresql.host }}
postgresql.host: required when postgresql.mode is external. Set the server's host.
{{- end }}
{{- else }}
{{- if $postgresql.host }}
postgresql.host: only used when postgresql.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- if eq $postgresql.user "postgres" }}
postgresql.user: "postgres" is the superuser of the embedded server, and the application needs its own role. Choose another name.
{{- end }}
{{- if has $postgresql.database (list "postgres" "template0" "template1") }}
postgresql.database: "{{ $postgresql.database }}" belongs to PostgreSQL itself. Choose another name.
{{- end }}
{{- end }}
{{- if eq $redis.mode "external" }}
{{- if not (or $redis.host $redis.url.existingSecret $redis.url.value) }}
redis.host: required when redis.mode is external, unless redis.url is set. Set the server's host.
{{- end }}
{{- else }}
{{- range $key, $value := dict "host" $redis.host "user" $redis.user
  "url" (or $redis.url.existingSecret $redis.url.value) }}
{{- if $value }}
redis.{{ $key }}: only used when redis.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.objectStorage.type "s3") (not .Values.objectStorage.s3.bucket) }}
objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.
{{- end }}
{{- end -}}
