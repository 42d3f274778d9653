{{- /* Variables that the user sets: in the right place, and not against the chart. */ -}}
{{- define "mastodon.validate.env" -}}
{{- $envs := list .Values.env .Values.secretEnv }}
{{- range .components }}{{ range .levels }}{{ $envs = append $envs .values.env }}{{ end }}{{ end }}
{{- if compact $envs }}
{{- $known := include "mastodon.validate.known" . | fromJson }}
{{- $boot := .Files.Get "files/boot.yaml" | fromYamlArray }}
{{- range $place := list "env" "secretEnv" }}
{{- range $name, $value := get $.Values $place | default dict }}
{{- $scope := dict "root" $ "place" $place "name" $name "value" $value "known" $known "boot" $boot }}
{{- $reserved := include "mastodon.validate.reserved" $scope }}
{{- if and (eq $place "env") (not (trim $reserved)) (include "mastodon.validate.isSecret" $scope) }}
env.{{ $name }}: is a secret but would be stored in a ConfigMap. Move it to secretEnv.
{{- end }}
{{- if and (eq $place "env") (hasKey ($.Values.secretEnv | default dict) $name) }}
env.{{ $name }}: is also set in secretEnv. Remove one of them.
{{- end }}
{{- if and (eq $place "env") (kindIs "string" $value) (regexMatch "[$][(]\\w+[)]" $value) }}
env.{{ $name }}: contains "$(", which Kubernetes expands only in the env of containers. Set it in pod.env.
{{- end }}
{{- $reserved }}
{{- include "mastodon.validate.boots" $scope }}
{{- include "mastodon.validate.removed" $scope }}
{{- end }}
{{- end }}
{{- include "mastodon.validate.componentEnv" (dict "root" . "known" $known "boot" $boot) }}
{{- end }}
{{- end -}}

{{- /*
The same for `pod.env` and the `env` of components. Takes a dict: `root`, what is `known`, and files/boot.yaml
as `boot`.
*/ -}}
{{- define "mastodon.validate.componentEnv" -}}
{{- $keys := include "mastodon.secrets.keys" .root | fromYamlArray }}
{{- $envs := dict }}
{{- $rubys := dict }}
{{- range .root.components }}
{{- $isRuby := eq (.reads | default "") "ruby" }}
{{- range .levels }}
{{- $_ := set (ternary $rubys $envs $isRuby) .path (.values.env | default dict) }}
{{- end }}
{{- end }}
{{- range $path, $env := merge dict $rubys $envs }}
{{- range $name, $value := $env }}
{{- $place := printf "%s.env" $path }}
{{- if and (has $path (list "pod" "streaming"))
  (has $name (without (append $keys "OTP_SECRET") "VAPID_PUBLIC_KEY")) }}
{{ $place }}.{{ $name }}: would reach streaming, which must not have the keys of Rails. Move it to secretEnv with secrets.fromEnv, or as valueFrom into the top-level env.
{{- else if include "mastodon.validate.isSecret" (dict "name" $name "value" $value "known" $.known) }}
{{ $place }}.{{ $name }}: is a secret but would be readable in the pod's manifest. Use valueFrom with a secretKeyRef.
{{- end }}
{{- $scope := dict "root" $.root "place" $place "name" $name "value" $value "known" $.known "boot" $.boot }}
{{- if hasKey $rubys $path }}{{ include "mastodon.validate.boots" $scope }}{{ end }}
{{- include "mastodon.validate.removed" $scope }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
"true" if a variable holds a secret: it is known, or looks like one by its name, or is an address with a
password; and it is not read from elsewhere. Takes a dict: `name`, `value`, and what is `known`.
*/ -}}
{{- define "mastodon.validate.isSecret" -}}
{{- $names := "(PASSWORD|_PASS|_SECRET|_TOKEN|_ACCESS_KEY|API_KEY|PRIVATE_KEY|SECRET_KEY)$" -}}
{{- $isSecret := or (get .known .name | default dict).secret (regexMatch $names .name) (regexMatch "://[^/]*:[^/]*@|[?&]password=" (toString .value)) -}}
{{- $isSwitch := has (toString .value) (list "true" "false") -}}
{{- ternary "true" "" (and $isSecret (not $isSwitch) (not (kindIs "map" .value))) -}}
{{- end -}}

{{- /*
"true" if Ruby may have a variable: the user sets it, or names ConfigMaps and Secrets whose contents cannot be
known here. Takes a dict: `root`, `name`.
*/ -}}
{{- define "mastodon.validate.hasVariable" -}}
{{- $values := .root.Values -}}
{{- $set := merge dict ($values.env | default dict) ($values.secretEnv | default dict) -}}
{{- $sources := $values.envFrom | default list -}}
{{- range .root.components -}}
  {{- if eq (.reads | default "") "ruby" -}}
    {{- $set = merge $set (.values.env | default dict) -}}
    {{- $sources = concat $sources (.values.envFrom | default list) -}}
  {{- end -}}
{{- end -}}
{{- ternary "true" "" (or (not (empty (get $set .name))) (not (empty $sources))) -}}
{{- end -}}

{{- /* Those of the variables that Ruby cannot have, with commas between them. Takes a dict: `root`, `names`. */ -}}
{{- define "mastodon.validate.lacking" -}}
{{- $lacking := list -}}
{{- range .names -}}
  {{- if not (include "mastodon.validate.hasVariable" (dict "root" $.root "name" .)) -}}
    {{- $lacking = append $lacking . -}}
  {{- end -}}
{{- end -}}
{{- join ", " $lacking -}}
{{- end -}}

{{- /*
Keys that are empty, and that no variable of the user's replaces. Takes a dict: `root`, the `path` of a `block`,
the condition as `when`, and as `keys` a map from a key to its variable.
*/ -}}
{{- define "mastodon.validate.needed" -}}
{{- range $key, $name := .keys }}
{{- $value := get $.block $key }}
{{- if kindIs "map" $value }}{{ $value = or $value.value $value.existingSecret }}{{ end }}
{{- if and (empty $value) (not (include "mastodon.validate.hasVariable" (dict "root" $.root "name" $name))) }}
{{ $.path }}.{{ $key }}: required when {{ $.when }}. Set it, or the variable {{ $name }}.
{{- end }}
{{- end }}
{{- end -}}
