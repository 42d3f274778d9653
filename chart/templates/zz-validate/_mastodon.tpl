{{- /*
The rules that involve several keys, one file per topic. Each define prints one line per broken rule: path, rule,
remedy. What a single key may contain is up to schema/values.
*/ -}}
{{- define "mastodon.validate.mastodon" -}}
{{- $mastodon := .Values.mastodon }}
{{- if not (regexMatch "^[a-z][a-z0-9-]*$" (include "mastodon.names.fullname" .)) }}
fullnameOverride: required for a release called "{{ .Release.Name }}", because names of Services begin with a letter and have no dots. Set it to a name such as mastodon.
{{- end }}
{{- if and $mastodon.webDomain (not $mastodon.localDomain) }}
mastodon.localDomain: required when mastodon.webDomain is set. Set it to the domain in handles; it can never be changed later.
{{- end }}
{{- if and $mastodon.admin.enabled (not (and $mastodon.admin.username $mastodon.admin.email)) }}
mastodon.admin: username and email are required when mastodon.admin.enabled is true. Set both.
{{- end }}
{{- $outgoing := $mastodon.outgoing }}
{{- range $key := list "proxy" "hiddenProxy" }}
{{- with (get $outgoing $key).value }}
{{- if not (regexMatch "^https?://[^/]" .) }}
mastodon.outgoing.{{ $key }}.value: must begin with http:// or https://, or every Ruby process ends at boot. Write an address such as http://proxy.example.com:3128.
{{- end }}
{{- end }}
{{- end }}
{{- if and (or $outgoing.hiddenProxy.value $outgoing.hiddenProxy.existingSecret) (not $outgoing.allowAccessToHiddenService) }}
mastodon.outgoing.allowAccessToHiddenService: must be true when mastodon.outgoing.hiddenProxy is set, as Mastodon otherwise refuses the hosts for which it is. Set it, or remove the proxy.
{{- end }}
{{- $mediaPath := clean ($mastodon.mediaPath | default "/opt/mastodon/public/system") }}
{{- if ne $mediaPath "/opt/mastodon/public/system" }}
{{- if regexMatch "^(/|/opt|/tmp|/scripts|/etc|/usr|/(opt/)?mastodon(/.*)?)$" $mediaPath }}
mastodon.mediaPath: the volume would hide files that Mastodon needs. Set a directory of its own, such as /media.
{{- end }}
{{- if not $mastodon.mediaUrl }}
mastodon.mediaUrl: required when mastodon.mediaPath is set, as Mastodon delivers only what is in its own public/system. Set the address at which a server of yours delivers the media.
{{- end }}
{{- end }}
{{- if and $mastodon.mediaUrl (ne .Values.objectStorage.type "none") }}
mastodon.mediaUrl: only used for media on a volume, but objectStorage.type is "{{ .Values.objectStorage.type }}". Remove this line, or set the host of that storage.
{{- end }}
{{- $tag := $mastodon.image.tag | default (ternary (printf "v%s" .Chart.AppVersion) "" (empty $mastodon.image.digest)) }}
{{- if and .Values.web.compress (include "mastodon.ruby.isOlder" (dict "tag" $tag "than" "4.8.0-0")) }}
web.compress: needs Mastodon 4.8, but this is {{ $tag }}. Remove this line and let the proxy in front of web compress, or set mastodon.image.tag.
{{- end }}
{{- if gt (int .Values.web.minThreads) (int .Values.web.maxThreads) }}
web.minThreads: must be at most web.maxThreads ({{ int .Values.web.maxThreads }}), or Puma does not start. Lower it, or raise web.maxThreads.
{{- end }}
{{- if and .Values.secrets.existingSecret .Values.secrets.fromEnv }}
secrets: existingSecret and fromEnv are mutually exclusive. Remove the one that does not provide the keys.
{{- end }}
{{- if and .Values.secrets.keys (not .Values.secrets.existingSecret) }}
secrets.keys: only used with secrets.existingSecret. Set the name of the Secret that has these keys, or remove this line.
{{- end }}
{{- if .Values.secrets.fromEnv }}
{{- with include "mastodon.validate.lacking" (dict "root" . "names" (include "mastodon.secrets.keys" . | fromYamlArray)) }}
secrets.fromEnv: true means that you bring the keys, but {{ . }} cannot be found. Add the Secret that contains them to envFrom, or set them in secretEnv, or in env with valueFrom.
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
The key of the memory limit, where a server's own limit does not fit below it; otherwise empty. Takes a dict: a
component as `of`, and as `size` its own limit as a quantity.
*/ -}}
{{- define "mastodon.validate.tooLarge" -}}
{{- with ((.of.values.resources | default dict).limits | default dict).memory -}}
  {{- $limit := include "mastodon.capacity.number" . | float64 -}}
  {{- if and $limit (ge (include "mastodon.capacity.number" $.size | float64) $limit) -}}
    {{- printf "%s (%s)" (include "mastodon.validate.key" (list $.of "resources" "limits" "memory"))
      (include "mastodon.env.text" .) -}}
  {{- end -}}
{{- end -}}
{{- end -}}
