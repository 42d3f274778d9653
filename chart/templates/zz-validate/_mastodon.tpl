{{- /*
The rules that involve several keys, one file per topic. Each define prints one line per broken rule: path, rule,
remedy. What a single key may contain is up to schema/values.
*/ -}}
{{- define "mastodon.validate.mastodon" -}}
{{- $mastodon := .Values.mastodon }}
{{- if and $mastodon.webDomain (not $mastodon.localDomain) }}
mastodon.localDomain: required when mastodon.webDomain is set. Set it to the domain in handles; it can never be changed later.
{{- end }}
{{- if and $mastodon.admin.enabled (not (and $mastodon.admin.username $mastodon.admin.email)) }}
mastodon.admin: username and email are required when mastodon.admin.enabled is true. Set both.
{{- end }}
{{- if and .Values.secrets.existingSecret .Values.secrets.fromEnv }}
secrets: existingSecret and fromEnv are mutually exclusive. Remove the one that does not provide the keys.
{{- end }}
{{- if and .Values.secrets.fromEnv (not (or .Values.envFrom .Values.secretEnv)) }}
secrets.fromEnv: true means that the keys are in envFrom or secretEnv, but both are empty. Add the Secret to envFrom.
{{- end }}
{{- range $name, $value := .Values.env }}
{{- if hasKey ($.Values.secretEnv | default dict) $name }}
env.{{ $name }}: is also set in secretEnv. Remove one of them.
{{- end }}
{{- if include "mastodon.validate.isSecret" (dict "name" $name "value" $value) }}
env.{{ $name }}: is a secret but would be stored in a ConfigMap. Move it to secretEnv.
{{- end }}
{{- end }}
{{- $envs := dict }}
{{- range .components }}
{{- range .levels }}{{ $_ := set $envs .path (.values.env | default dict) }}{{ end }}
{{- end }}
{{- range $path, $env := $envs }}
{{- range $name, $value := $env }}
{{- if and (not (kindIs "map" $value)) (include "mastodon.validate.isSecret"
  (dict "name" $name "value" $value)) }}
{{ $path }}.env.{{ $name }}: is a secret but would be readable in the pod's manifest. Use valueFrom with a secretKeyRef.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
The key that decides, as the user would write it: that of the narrowest level that sets it. Takes a
list: the component, then the key's parts, for example "pdb" "enabled".
*/ -}}
{{- define "mastodon.validate.key" -}}
{{- $component := first . -}}
{{- $keys := rest . -}}
{{- $path := $component.path -}}
{{- range $component.levels -}}
  {{- $value := .values -}}
  {{- range $keys -}}
    {{- $value = ternary (get (ternary $value dict (kindIs "map" $value)) .) nil (kindIs "map" $value) -}}
  {{- end -}}
  {{- if not (has (toJson $value) (list "null" "\"\"" "{}" "[]")) }}{{ $path = .path }}{{ end -}}
{{- end -}}
{{- printf "%s.%s" $path (join "." $keys) -}}
{{- end -}}

{{- /*
"true" if a variable holds a secret, by its name or as a URL with a password. Takes a dict: `name`, `value`.
*/ -}}
{{- define "mastodon.validate.isSecret" -}}
{{- $names := "^(SECRET_KEY_BASE|OTP_SECRET|SELF_DESTRUCT|ACTIVE_RECORD_ENCRYPTION_.*|.*(PASSWORD|_PASS|_SECRET|_ACCESS_KEY|API_KEY|PRIVATE_KEY|SECRET_KEY|TEMP_URL_KEY))$" -}}
{{- ternary "true" "" (or (regexMatch $names .name) (regexMatch "://[^/]*:[^/]*@" (toString .value))) -}}
{{- end -}}
