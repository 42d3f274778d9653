{{- /* Variables that the user sets: in the right place, and not against the chart. */ -}}
{{- define "mastodon.validate.env" -}}
{{- range $name, $value := .Values.env }}
{{- if hasKey ($.Values.secretEnv | default dict) $name }}
env.{{ $name }}: is also set in secretEnv. Remove one of them.
{{- end }}
{{- if include "mastodon.validate.isSecret" (dict "name" $name "value" $value) }}
env.{{ $name }}: is a secret but would be stored in a ConfigMap. Move it to secretEnv.
{{- end }}
{{- end }}
{{- range $place := list "env" "secretEnv" }}
{{- range $name, $value := get $.Values $place | default dict }}
{{- include "mastodon.validate.reserved" (dict "root" $ "place" $place "name" $name "value" $value) }}
{{- include "mastodon.validate.boots" (dict "root" $ "place" $place "name" $name "value" $value) }}
{{- end }}
{{- end }}
{{- $envs := dict }}
{{- range .components }}
{{- range .levels }}{{ $_ := set $envs .path (.values.env | default dict) }}{{ end }}
{{- end }}
{{- range $path, $env := merge (dict "pod" (.Values.pod.env | default dict)) $envs }}
{{- range $name, $value := $env }}
{{- if and (eq $path "pod") (regexMatch "^(SECRET_KEY_BASE|OTP_SECRET|VAPID_PRIVATE_KEY|ACTIVE_RECORD_.*)$" $name) }}
pod.env.{{ $name }}: would reach streaming, which must not have the keys of Rails. Move it to the top-level env, which takes valueFrom, too.
{{- else if include "mastodon.validate.isSecret" (dict "name" $name "value" $value) }}
{{ $path }}.env.{{ $name }}: is a secret but would be readable in the pod's manifest. Use valueFrom with a secretKeyRef.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
"true" if a variable holds a secret, by its name or as a URL with a password, and is not read from elsewhere.
Takes a dict: `name`, `value`.
*/ -}}
{{- define "mastodon.validate.isSecret" -}}
{{- $names := "^(SECRET_KEY_BASE|OTP_SECRET|SELF_DESTRUCT|ACTIVE_RECORD_ENCRYPTION_.*|OTEL_EXPORTER_OTLP_(.*_)?HEADERS|.*(PASSWORD|_PASS|_SECRET|_TOKEN|_ACCESS_KEY|API_KEY|PRIVATE_KEY|SECRET_KEY|TEMP_URL_KEY))$" -}}
{{- $isSecret := or (regexMatch $names .name) (regexMatch "://[^/]*:[^/]*@" (toString .value)) -}}
{{- ternary "true" "" (and $isSecret (not (kindIs "map" .value))) -}}
{{- end -}}

{{- /*
"true" if Ruby may have a variable: the user sets it, or names ConfigMaps and Secrets whose contents cannot be
known here. Takes a dict: `root`, `name`.
*/ -}}
{{- define "mastodon.validate.hasVariable" -}}
{{- $values := .root.Values -}}
{{- $set := merge dict ($values.env | default dict) ($values.secretEnv | default dict) -}}
{{- ternary "true" "" (or (not (empty (get $set .name))) (not (empty (concat ($values.envFrom | default list) ($values.pod.envFrom | default list))))) -}}
{{- end -}}

{{- /*
A variable that the chart sets in the container itself, where it wins, or that leads past the release's own
servers. Takes a dict: `root`, `place` (env or secretEnv), `name`, `value`.
*/ -}}
{{- define "mastodon.validate.reserved" -}}
{{- $web := .root.components.web }}
{{- $name := .name }}
{{- $path := printf "%s.%s" .place $name }}
{{- range $key, $connection := $web.connections }}
{{- if has $name $connection.elsewhere }}
{{ $path }}: would lead past the server of this release. Remove this line, or set {{ $key }}.mode to external.
{{- end }}
{{- end }}
{{- if and (has $name (include "mastodon.secrets.keys" .root | fromYamlArray)) (not .root.Values.secrets.fromEnv)
  (not (kindIs "map" .value)) }}
{{ $path }}: has no effect, as the keys in the Secret "{{ include "mastodon.names.keys" .root }}" win. Set secrets.fromEnv to true if you bring the keys, or remove this line.
{{- else }}
{{- $charts := merge (dict "PORT" 3000) $web.variables $web.environment.entries }}
{{- if and (hasKey $charts $name) (ne (toJson (get $charts $name)) (toJson .value)) }}
{{- $keys := dict "DB_HOST" "postgresql.mode to external and postgresql.host" "DB_PORT" "postgresql.mode to external and postgresql.port" "DB_NAME" "postgresql.database" "DB_USER" "postgresql.user" "DB_SSLMODE" "postgresql.mode to external and postgresql.sslMode" "REDIS_HOST" "redis.mode to external and redis.host" "REDIS_PORT" "redis.mode to external and redis.port" }}
{{- $data := .root.Files.Get "files/variables.yaml" | fromYaml }}
{{- range $data.variables }}{{ $_ := set $keys .name (join "." .path) }}{{ end }}
{{- range $data.credentials }}{{ if .env }}{{ $_ := set $keys .env (join "." .path) }}{{ end }}{{ end }}
{{- $remedy := "Remove this line." }}
{{- with get $keys $name }}{{ $remedy = printf "Set %s instead." . }}{{ end }}
{{ $path }}: has no effect, as the chart sets this variable in the container itself. {{ $remedy }}
{{- end }}
{{- end }}
{{- end -}}
