{{- /*
What is known of variables, as JSON: a map from a name to what files/environment.json and files/reserved.yaml say,
and `reserved` if it is in the latter. Takes the top-level scope.
*/ -}}
{{- define "mastodon.validate.known" -}}
{{- $known := .Files.Get "files/environment.json" | fromJson -}}
{{- range $name, $row := .Files.Get "files/reserved.yaml" | fromYaml -}}
  {{- $_ := set $known $name (merge (dict "reserved" true) $row (get $known $name | default dict)) -}}
{{- end -}}
{{- toJson $known -}}
{{- end -}}

{{- /*
A variable that the chart sets in the container itself, where it wins, or has to know; or that leads past the
release's own servers. Takes a dict: `root`, `place` (env or secretEnv), `name`, `value`, and what is `known`.
*/ -}}
{{- define "mastodon.validate.reserved" -}}
{{- $web := .root.components.web }}
{{- $name := .name }}
{{- $path := printf "%s.%s" .place $name }}
{{- $isText := not (kindIs "map" .value) }}
{{- $text := include "mastodon.env.text" .value }}
{{- $elsewhere := "" }}
{{- range $key, $connection := $web.connections }}
{{- if has $name $connection.elsewhere }}{{ $elsewhere = $key }}{{ end }}
{{- end }}
{{- $row := get .known $name | default dict }}
{{- $isOn := and $row.reserved (include "mastodon.env.isOn" (dict "values" .root.Values "row" $row)) }}
{{- $charts := merge dict $web.variables $web.environment.entries }}
{{- $set := get $charts $name }}
{{- $differs := ternary (ne (toString $set) $text) (ne (toJson $set) (toJson .value)) $isText }}
{{- $instead := include "mastodon.validate.instead" (dict "root" .root "row" $row) }}
{{- if $elsewhere }}
{{ $path }}: would lead past the server of this release. Remove this line, or set {{ $elsewhere }}.mode to external.
{{- else if and $isText (has $name (include "mastodon.secrets.keys" .root | fromYamlArray))
  (not (or .root.Values.secrets.fromEnv .root.Values.secrets.existingSecret)) }}
{{ $path }}: has no effect, as the keys in the Secret "{{ include "mastodon.names.keys" .root }}" win. Set secrets.fromEnv to true if you bring the keys, or remove this line.
{{- else if and (hasKey $charts $name) $differs }}
{{ $path }}: has no effect, as the chart sets this variable in the container itself. {{ $instead }}
{{- else if and $isText $isOn }}
{{ $path }}: is not the place for this variable, as the chart needs to know it. {{ $instead }}
{{- end }}
{{- end -}}

{{- /* The remedy: the key that sets the variable. Takes a dict: `root`, and what is known of it as `row`. */ -}}
{{- define "mastodon.validate.instead" -}}
{{- $key := .row.key | default "" -}}
{{- with .row.external -}}
  {{- $server := $.root.Values -}}
  {{- range splitList "." . }}{{ $server = get $server . }}{{ end -}}
  {{- if ne $server.mode "external" }}{{ $key = printf "%s.mode to external and %s" . $key }}{{ end -}}
{{- end -}}
{{- ternary (printf "Set %s instead." $key) "Remove this line, or set it in the env of a component."
  (not (empty $key)) -}}
{{- end -}}
