{{- /* The environment of containers. _environments.tpl says what the chart contributes to it. */ -}}

{{- /* A scalar as text: numbers as YAML wrote them, not as Go prints them. */ -}}
{{- define "mastodon.env.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{- /*
The entry of `env` that reads a credential, as JSON; empty if there is none. Takes a dict: the `credential`
({value}, {existingSecret, key} or {existingConfigMap, key}), and
  secret, key  the Secret of the release that contains its `value`, and the key there
  generated    the Secret that contains it under that key if the user supplies none
*/ -}}
{{- define "mastodon.env.credential" -}}
{{- $credential := .credential | default dict -}}
{{- $secret := dict "name" (ternary .secret .generated (not (empty $credential.value))) "key" .key -}}
{{- with $credential.existingSecret }}{{ $secret = dict "name" . "key" $credential.key }}{{ end -}}
{{- with $credential.existingConfigMap -}}
{{- dict "valueFrom" (dict "configMapKeyRef" (dict "name" . "key" $credential.key)) | toJson -}}
{{- else -}}
{{- if $secret.name }}{{ dict "valueFrom" (dict "secretKeyRef" $secret) | toJson }}{{ else }}{}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* The domain in handles; the placeholder until there is one. */ -}}
{{- define "mastodon.env.localDomain" -}}
{{- .Values.mastodon.localDomain | default "mastodon.example" -}}
{{- end -}}

{{- define "mastodon.env.webDomain" -}}
{{- .Values.mastodon.webDomain | default (include "mastodon.env.localDomain" .) -}}
{{- end -}}

{{- /*
`envFrom` and `env` of a container, if it has any. Takes a dict: the component as `of`, and as
`env` variables of this container only, a map as in `environment.entries`. What the user wrote into the
component's `env` replaces the chart's variables, and comes last, so that it may refer to them.
*/ -}}
{{- define "mastodon.env.container" -}}
{{- $environment := .of.environment -}}
{{- with concat ($environment.sources | default list) (.of.values.envFrom | default list) }}
envFrom: {{- toYaml . | nindent 2 }}
{{- end }}
{{- $users := .of.values.env | default dict -}}
{{- $charts := dict -}}
{{- range $name, $value := merge dict (.env | default dict) ($environment.entries | default dict) -}}
  {{- if not (hasKey $users $name) }}{{ $_ := set $charts $name $value }}{{ end -}}
{{- end -}}
{{- if or $charts $users }}
env:
  {{- range $set := list $charts $users }}
  {{- range $name, $value := $set }}
  - name: {{ $name | quote }}
    {{- if kindIs "map" $value }}
    valueFrom: {{ toJson $value.valueFrom }}
    {{- else }}
    value: {{ include "mastodon.env.text" $value | quote }}
    {{- end }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The text that, when it changes, must restart what reads the environment of a component. */ -}}
{{- define "mastodon.env.checksum" -}}
{{- $passwords := omit .environment.passwords "superuser" "backup-id" "backup-key" -}}
{{- set (pick .environment "public" "secret") "passwords" $passwords | toJson -}}
{{- end -}}
