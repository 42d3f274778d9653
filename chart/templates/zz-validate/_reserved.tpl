{{- /*
A variable that the chart sets in the container itself, where it wins, or reads from a key of the values, too;
or that leads past the release's own servers. Takes a dict: `root`, `place` (env or secretEnv), `name`,
`value`.
*/ -}}
{{- define "mastodon.validate.reserved" -}}
{{- $root := .root }}
{{- $web := .root.components.web }}
{{- $name := .name }}
{{- $path := printf "%s.%s" .place $name }}
{{- $isText := not (kindIs "map" .value) }}
{{- $text := include "mastodon.env.text" .value }}
{{- $elsewhere := "" }}
{{- range $key, $connection := $web.connections }}
{{- if has $name $connection.elsewhere }}{{ $elsewhere = $key }}{{ end }}
{{- end }}
{{- $rows := .root.Files.Get "files/reserved.yaml" | fromYaml }}
{{- $row := get $rows $name | default dict }}
{{- $isOn := hasKey $rows $name }}
{{- with $row.when }}
{{- $switch := $root.Values }}
{{- range splitList "." . }}{{ $switch = get $switch . }}{{ end }}
{{- $isOn = ternary (eq (toString $switch) $row.isOn) (not (empty $switch)) (hasKey $row "isOn") }}
{{- end }}
{{- $charts := merge dict $web.variables $web.environment.entries }}
{{- $set := get $charts $name }}
{{- $differs := ternary (ne (toString $set) $text) (ne (toJson $set) (toJson .value)) $isText }}
{{- if $elsewhere }}
{{ $path }}: would lead past the server of this release. Remove this line, or set {{ $elsewhere }}.mode to external.
{{- else if and $isText (has $name (include "mastodon.secrets.keys" .root | fromYamlArray))
  (not (or .root.Values.secrets.fromEnv .root.Values.secrets.existingSecret)) }}
{{ $path }}: has no effect, as the keys in the Secret "{{ include "mastodon.names.keys" .root }}" win. Set secrets.fromEnv to true if you bring the keys, or remove this line.
{{- else if and (hasKey $charts $name) $differs }}
{{ $path }}: has no effect, as the chart sets this variable in the container itself. {{ include "mastodon.validate.instead" . }}
{{- else if and $isText $isOn }}
{{ $path }}: is not the place for this variable, as the chart needs to know it. {{ include "mastodon.validate.instead" . }}
{{- end }}
{{- end -}}

{{- /* The remedy: the key that sets the variable. Takes the dict above. */ -}}
{{- define "mastodon.validate.instead" -}}
{{- $row := get (.root.Files.Get "files/reserved.yaml" | fromYaml) .name | default dict -}}
{{- $data := .root.Files.Get "files/variables.yaml" | fromYaml -}}
{{- $key := $row.key | default "" -}}
{{- range concat $data.variables $data.credentials -}}
  {{- if eq (.name | default .env) $.name }}{{ $key = join "." .path }}{{ end -}}
{{- end -}}
{{- with $row.external -}}
  {{- if eq (get $.root.Values .).mode "embedded" }}{{ $key = printf "%s.mode to external and %s" . $key }}{{ end -}}
{{- end -}}
{{- ternary (printf "Set %s instead." $key) "Remove this line, or set it in the env of a component."
  (not (empty $key)) -}}
{{- end -}}
