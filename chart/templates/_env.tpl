{{- /*
The environment. Ruby processes all get the same: one ConfigMap, one Secret, the keys, then what the user names in
`envFrom`, which therefore wins. What points into the cluster (the databases of this release, Secrets of the user's)
stands in `env`. Streaming gets a short one of its own.
*/ -}}

{{- /* Text of a scalar for a ConfigMap: numbers as YAML wrote them, not as Go prints floats. */ -}}
{{- define "mastodon.env.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{- /* The domain in handles; the placeholder until there is one. */ -}}
{{- define "mastodon.env.localDomain" -}}
{{- .Values.mastodon.localDomain | default "mastodon.example" -}}
{{- end -}}

{{- define "mastodon.env.webDomain" -}}
{{- .Values.mastodon.webDomain | default (include "mastodon.env.localDomain" .) -}}
{{- end -}}

{{- /*
Where a credential lies, for an entry of `env`, or nothing if there is none. Takes a dict:
  credential  {value} or {existingSecret, key}
  name, key   the Secret and key that a `value` is written to
  generated   the Secret of a generated one, if there is one; its key is `key` too
*/ -}}
{{- define "mastodon.env.credential" -}}
{{- if .credential.existingSecret -}}
valueFrom: {secretKeyRef: {name: {{ .credential.existingSecret | quote }}, key: {{ .credential.key | quote }}}}
{{- else if .credential.value -}}
valueFrom: {secretKeyRef: {name: {{ .name | quote }}, key: {{ .key }}}}
{{- else if .generated -}}
valueFrom: {secretKeyRef: {name: {{ .generated | quote }}, key: {{ .key }}}}
{{- end -}}
{{- end -}}

{{- /* The passwords of the databases, as credentials. Takes `root`, and `database`: postgresql, superuser or redis. */ -}}
{{- define "mastodon.env.databaseCredential" -}}
{{- $values := .root.Values -}}
{{- $credential := dict "postgresql" $values.postgresql.password "superuser" $values.postgresql.superuserPassword
  "redis" $values.redis.password "redis-url" $values.redis.url -}}
{{- $embedded := eq (ternary $values.redis.mode $values.postgresql.mode (eq .database "redis")) "embedded" -}}
{{- $generated := ternary (include "mastodon.names.passwords" .root) "" (and $embedded (ne .database "redis-url")) -}}
{{- include "mastodon.env.credential" (dict "credential" (get $credential .database) "key" .database
  "name" (include "mastodon.names.databases" .root) "generated" $generated) -}}
{{- end -}}

{{- /*
Entries of `env` are collected in a map from names to the rest of the entry as text, so that no name comes twice.
These two add to the map `entries` of the dict and print nothing: how to reach the databases; credentials in Secrets of
the user's.
*/ -}}
{{- define "mastodon.env.addDatabases" -}}
{{- $postgresql := .root.Values.postgresql -}}
{{- $redis := .root.Values.redis -}}
{{- if eq $postgresql.mode "embedded" -}}
{{- $host := include "mastodon.names.component" (dict "root" .root "component" "postgresql" "own" $postgresql) -}}
{{- $_ := set .entries "DB_HOST" (printf "value: %q" $host) -}}
{{- $_ = set .entries "DB_PORT" (printf "value: \"%v\"" $postgresql.service.port) -}}
{{- $_ = set .entries "DB_NAME" (printf "value: %q" $postgresql.database) -}}
{{- $_ = set .entries "DB_USER" (printf "value: %q" $postgresql.user) -}}
{{- end -}}
{{- if eq $redis.mode "embedded" -}}
{{- $host := include "mastodon.names.component" (dict "root" .root "component" "redis" "own" $redis) -}}
{{- $_ := set .entries "REDIS_HOST" (printf "value: %q" $host) -}}
{{- $_ = set .entries "REDIS_PORT" (printf "value: \"%v\"" $redis.service.port) -}}
{{- end -}}
{{- range $name, $database := dict "DB_PASS" "postgresql" "REDIS_PASSWORD" "redis" "REDIS_URL" "redis-url" -}}
{{- with include "mastodon.env.databaseCredential" (dict "root" $.root "database" $database) -}}
{{- $_ := set $.entries $name . -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "mastodon.env.addCredentials" -}}
{{- $s3 := .root.Values.objectStorage.s3 -}}
{{- range $name, $credential := dict "SMTP_PASSWORD" .root.Values.smtp.password "AWS_ACCESS_KEY_ID" $s3.accessKeyId
  "AWS_SECRET_ACCESS_KEY" $s3.secretAccessKey -}}
{{- if $credential.existingSecret -}}
{{- $_ := set $.entries $name (include "mastodon.env.credential" (dict "credential" $credential)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /*
`envFrom` and `env` of a Ruby container. Takes the resolved context of a component; `extra` in it is a map of further
variables of the chart's own, which the component's `env` may replace.
*/ -}}
{{- define "mastodon.env.ruby" -}}
envFrom:
  {{- include "mastodon.env.sources" .root | nindent 2 }}
  {{- with .values.envFrom }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
{{- include "mastodon.env.resolve" .root }}
{{- include "mastodon.env.list" (dict "entries" .root.sharedEnv "extra" .extra "users" .values.env) }}
{{- end -}}

{{- /* What all Ruby containers have in `envFrom`; the text is kept in the top-level scope, which it takes. */ -}}
{{- define "mastodon.env.sources" -}}
{{- if not (hasKey . "envSources") }}{{ $_ := set . "envSources" (include "mastodon.env.makeSources" . | trim) }}{{ end -}}
{{- .envSources -}}
{{- end -}}

{{- define "mastodon.env.makeSources" -}}
- configMapRef: {name: {{ include "mastodon.names.env" . | quote }}}
{{- if include "mastodon.env.secret" . }}
- secretRef: {name: {{ include "mastodon.names.env" . | quote }}}
{{- end }}
{{- if not .Values.secrets.fromEnv }}
- secretRef: {name: {{ include "mastodon.names.keys" . | quote }}}
{{- end }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Keeps what all Ruby containers have in `env` in the top-level scope as `sharedEnv`, a map; prints nothing. */ -}}
{{- define "mastodon.env.resolve" -}}
{{- if not (hasKey . "sharedEnv") -}}
{{- $entries := dict "TMPDIR" "value: /tmp/ruby" -}}
{{- include "mastodon.env.addDatabases" (dict "root" . "entries" $entries) -}}
{{- include "mastodon.env.addCredentials" (dict "root" . "entries" $entries) -}}
{{- /* What the user's envFrom must not set: it would lead past the servers of the release. The programs look at it. */ -}}
{{- $own := list -}}
{{- if eq .Values.postgresql.mode "embedded" -}}
{{- $own = append $own "DATABASE_URL" -}}
{{- $_ := set $entries "DB_SSLMODE" "value: prefer" -}}
{{- end -}}
{{- if eq .Values.redis.mode "embedded" }}{{ $own = append $own "REDIS_URL" }}{{ end -}}
{{- if $own }}{{ $_ := set $entries "EMBEDDED" (printf "value: %s" (join " " $own)) }}{{ end -}}
{{- $_ := set . "sharedEnv" $entries -}}
{{- end -}}
{{- end -}}

{{- /* `env` from maps: `entries` (text), `extra` (scalars), `users` (scalars or {valueFrom}); the later wins. */ -}}
{{- define "mastodon.env.list" -}}
{{- $own := dict -}}
{{- range $set := list (.extra | default dict) (.users | default dict) }}
  {{- range $name, $value := $set }}
    {{- if kindIs "map" $value }}
      {{- $_ := set $own $name (toJson $value | trimPrefix "{" | trimSuffix "}") }}
    {{- else }}
      {{- $_ := set $own $name (printf "value: %s" (include "mastodon.env.text" $value | quote)) }}
    {{- end }}
  {{- end }}
{{- end }}
env:
  {{- range $name, $entry := .entries }}
  {{- if not (hasKey $own $name) }}
  - {name: {{ $name | quote }}, {{ $entry -}} }
  {{- end }}
  {{- end }}
  {{- range $name, $entry := $own }}
  - {name: {{ $name | quote }}, {{ $entry -}} }
  {{- end }}
{{- end -}}

{{- /* `envFrom` and `env` of streaming: no secret of Rails. Takes its resolved context. */ -}}
{{- define "mastodon.env.node" -}}
envFrom:
  - configMapRef: {name: {{ include "mastodon.names.streamingEnv" .root | quote }}}
  {{- with .values.envFrom }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
{{- $entries := dict -}}
{{- include "mastodon.env.addDatabases" (dict "root" .root "entries" $entries) -}}
{{- $extra := dict "PORT" 4000 -}}
{{- if include "mastodon.exposure.speaksIPv6" .values.service }}{{ $_ := set $extra "BIND" "::" }}{{ end -}}
{{- include "mastodon.env.list" (dict "entries" $entries "extra" $extra "users" .values.env) }}
{{- end -}}
