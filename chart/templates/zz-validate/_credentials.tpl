{{- /*
Every credential has one shape: {value} or {existingSecret, key}; what has no value {existingSecret, key} or
{existingConfigMap, key}. files/variables.json lists them.
*/ -}}
{{- define "mastodon.validate.credentials" -}}
{{- range (.Files.Get "files/variables.json" | fromJson).credentials }}
{{- $path := join "." .path }}
{{- $credential := $.Values }}
{{- range .path }}{{ $credential = get $credential . }}{{ end }}
{{- if and $credential.existingSecret (not $credential.key) }}
{{ $path }}.key: required when {{ $path }}.existingSecret is set. Set the key inside the Secret "{{ $credential.existingSecret }}".
{{- end }}
{{- if and $credential.existingConfigMap (not $credential.key) }}
{{ $path }}.key: required when {{ $path }}.existingConfigMap is set. Set the key inside the ConfigMap "{{ $credential.existingConfigMap }}".
{{- end }}
{{- if and $credential.key (not (or $credential.existingSecret $credential.existingConfigMap)) }}
{{ $path }}.existingSecret: required when {{ $path }}.key is set. Set the name of the Secret.
{{- end }}
{{- if and $credential.existingSecret $credential.existingConfigMap }}
{{ $path }}: existingSecret and existingConfigMap are mutually exclusive. Remove one of them.
{{- end }}
{{- if and $credential.existingSecret $credential.value }}
{{ $path }}: value and existingSecret are mutually exclusive. Remove one of them.
{{- end }}
{{- if and $credential.key (hasSuffix "From" $path) }}
{{- $block := $.Values }}
{{- range initial .path }}{{ $block = get $block . }}{{ end }}
{{- with get $block (last .path | trimSuffix "From") }}
{{ $path }}: {{ trimSuffix "From" $path }} is set, too, as "{{ . }}". Remove one of them.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
