{{- define "mastodon.validate.databases" -}}
{{- $postgresql := .Values.postgresql }}
{{- $redis := .Values.redis }}
{{- if eq $postgresql.mode "external" }}
{{- $url := include "mastodon.validate.hasVariable" (dict "root" . "name" "DATABASE_URL") }}
{{- if not (or $postgresql.host $url (include "mastodon.validate.hasVariable" (dict "root" . "name" "DB_HOST"))) }}
postgresql.host: required when postgresql.mode is external. Set the server's host.
{{- end }}
{{- $wins := pick (merge dict (.Values.env | default dict) (.Values.secretEnv | default dict)) "DATABASE_URL" }}
{{- if and $wins (or $postgresql.direct.host $postgresql.direct.port .Values.import.database.enabled) }}
{{ ternary "secretEnv" "env" (hasKey (.Values.secretEnv | default dict) "DATABASE_URL") }}.DATABASE_URL: would win over postgresql.direct and postgresql.host, which migrations and the import use. Set postgresql.host, postgresql.user and postgresql.password instead.
{{- end }}
{{- if and (hasPrefix "verify-" $postgresql.sslMode) (not (or $postgresql.ca.key .Values.caBundle.key))
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "PGSSLROOTCERT"))) }}
postgresql.ca: required when postgresql.sslMode is {{ $postgresql.sslMode }}. Set the Secret or ConfigMap with the certificate authority, or caBundle, or PGSSLROOTCERT in env.
{{- end }}
{{- if and $postgresql.ca.key (has $postgresql.sslMode (list "disable" "allow" "prefer")) }}
postgresql.sslMode: with "{{ $postgresql.sslMode }}" postgresql.ca protects nothing, as a server with another certificate is used without TLS. Remove this line, which means verify-full, or remove the ca.
{{- end }}
{{- else }}
{{- range $key, $value := dict "host" $postgresql.host "sslMode" $postgresql.sslMode
  "ca" $postgresql.ca.key "direct" (or $postgresql.direct.host $postgresql.direct.port) }}
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
{{- $found := or $redis.host $redis.url.existingSecret $redis.url.value }}
{{- range list "REDIS_URL" "REDIS_HOST" "REDIS_SENTINELS" }}
{{- $found = or $found (include "mastodon.validate.hasVariable" (dict "root" $ "name" .)) }}
{{- end }}
{{- if not $found }}
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
{{- if and (hasKey (.Values.env | default dict) "REDIS_SENTINELS")
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "REDIS_SENTINEL_MASTER"))) }}
env.REDIS_SENTINELS: is ignored without REDIS_SENTINEL_MASTER. Set the name of the master, too.
{{- end }}
{{- $url := or $redis.url.value $redis.url.existingSecret }}
{{- range $path, $password := dict "redis.password.value" (ternary "" $redis.password.value (not (empty $url)))
  "secretEnv.REDIS_PASSWORD" (.Values.secretEnv | default dict).REDIS_PASSWORD }}
{{- if regexMatch "%[0-9A-Fa-f]{2}" (toString $password) }}
{{ $path }}: Ruby decodes "%" and two hexadecimal digits in it, Node does not. Choose a password without "%".
{{- end }}
{{- end }}
{{- end -}}
