{{- /*
The part of a container that all workloads share. All take the resolved context of a component (see _pod.tpl).
*/ -}}

{{- /* An image reference. Takes `root`, the `image` block, and the tag that stands for an empty one as `tag`. */ -}}
{{- define "mastodon.container.image" -}}
{{- $registry := .root.Values.image.registry | default .image.registry -}}
{{- with $registry }}{{ . }}/{{ end -}}
{{- .image.repository -}}
{{- if or .image.tag (not .image.digest) }}:{{ .image.tag | default .tag }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{- /* The Mastodon image of a component: `mastodon.image` with the component's changes. A digest belongs to its tag.
Puts its `pullPolicy` into the context. */ -}}
{{- define "mastodon.container.rubyImage" -}}
{{- $image := deepCopy .root.Values.mastodon.image -}}
{{- range list (.defaults | default dict).image .own.image }}
{{- $change := . | default dict }}
{{- if or $change.tag $change.repository }}{{ $image = omit $image "digest" }}{{ end }}
{{- $image = mustMergeOverwrite $image (deepCopy $change) }}
{{- end -}}
{{- $_ := set . "pullPolicy" $image.pullPolicy -}}
{{- include "mastodon.container.image" (dict "root" .root "image" $image "tag" (printf "v%s" .root.Chart.AppVersion)) -}}
{{- end -}}

{{- /*
imagePullPolicy, securityContext and resources of a container; its image is `image`. Init containers and the main one
have the same, so the text is kept.
*/ -}}
{{- define "mastodon.container.base" -}}
{{- if not .base }}{{ $_ := set . "base" (include "mastodon.container.makeBase" .) }}{{ end -}}
{{- .base -}}
{{- end -}}

{{- define "mastodon.container.makeBase" -}}
image: {{ .image }}
imagePullPolicy: {{ .pullPolicy | default (.values.image | default dict).pullPolicy | default .root.Values.image.pullPolicy }}
{{- with .values.securityContext }}
securityContext: {{- include "mastodon.pod.yaml" (dict "root" $.root "value" .) | nindent 2 }}
{{- end }}
{{- with .values.resources }}
resources: {{- include "mastodon.pod.yaml" (dict "root" $.root "value" .) | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* `command` and `args`: the user's, or the list `args` of the context. */ -}}
{{- define "mastodon.container.command" -}}
{{- with .values.command }}
command: {{ toJson . }}
{{- end }}
{{- with .values.args | default (ternary list .args (not (empty .values.command))) }}
args: {{ toJson . }}
{{- end }}
{{- end -}}

{{- /*
The probes and the lifecycle of a main container. `probes` of the context holds the target of each probe;
the timing, or a whole probe, comes from the values.
*/ -}}
{{- define "mastodon.container.probes" -}}
{{- range $kind := list "startup" "readiness" "liveness" }}
  {{- $timing := get $.values.probes $kind | default dict }}
  {{- $enabled := get $timing "enabled" }}
  {{- if and $timing (not (and (kindIs "bool" $enabled) (not $enabled))) }}
    {{- $handlers := pick $timing "httpGet" "tcpSocket" "exec" "grpc" }}
{{ $kind }}Probe:
    {{- range $key, $value := merge (omit $timing "enabled") (ternary dict (index $.probes $kind) (not (empty $handlers))) }}
  {{ $key }}: {{ toJson $value }}
    {{- end }}
  {{- end }}
{{- end }}
{{- include "mastodon.container.lifecycle" . }}
{{- end -}}

{{- define "mastodon.container.lifecycle" -}}
{{- with .values.lifecycle }}
{{- $lifecycle := . }}
{{- /* A hook has one handler: the user's replaces the default. */ -}}
{{- if gt (len (.preStop | default dict)) 1 }}
{{- $lifecycle = merge (dict "preStop" (omit .preStop "sleep")) (omit . "preStop") }}
{{- end }}
lifecycle: {{ toJson $lifecycle }}
{{- end }}
{{- end -}}
