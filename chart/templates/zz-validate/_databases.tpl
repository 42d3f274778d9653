{{- define "mastodon.validate.databases" -}}
{{- $postgresql := .Values.postgresql }}
{{- $redis := .Values.redis }}
{{- if eq $postgresql.mode "external" }}
{{- if not $postgresql.host }}
postgresql.host: required when postgresql.mode is external. Set the server's host.
{{- end }}
{{- if and $postgresql.ca.existingSecret (has $postgresql.sslMode (list "disable" "allow" "prefer")) }}
postgresql.sslMode: with "{{ $postgresql.sslMode }}" postgresql.ca protects nothing, as a server with another certificate is used without TLS. Remove this line, which means verify-full, or remove the ca.
{{- end }}
{{- else }}
{{- range $key, $value := dict "host" $postgresql.host "sslMode" $postgresql.sslMode
  "ca" $postgresql.ca.existingSecret "direct" (or $postgresql.direct.host $postgresql.direct.port) }}
{{- if $value }}
postgresql.{{ $key }}: only used when postgresql.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- end }}
{{- if eq $postgresql.user "postgres" }}
postgresql.user: "postgres" is the superuser of the embedded server, and the application needs its own role. Choose another name.
{{- end }}
{{- if has $postgresql.database (list "postgres" "template0" "template1") }}
postgresql.database: "{{ $postgresql.database }}" belongs to PostgreSQL itself. Choose another name.
{{- end }}
{{- end }}
{{- if and $redis.url.value (not (regexMatch "^rediss?://" $redis.url.value)) }}
redis.url: must begin with redis:// or rediss://, or it is taken for the name of a host. Correct its value.
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
{{- range $path, $password := dict "redis.password.value" $redis.password.value
  "secretEnv.REDIS_PASSWORD" (.Values.secretEnv | default dict).REDIS_PASSWORD }}
{{- if regexMatch "%[0-9A-Fa-f]{2}" (toString $password) }}
{{ $path }}: Ruby decodes "%" and two hexadecimal digits in it, Node does not. Choose a password without "%".
{{- end }}
{{- end }}
{{- end -}}
