{{- /*
Labels. All take the context of a component (see _names.tpl); `name` in it is the object's name.
*/ -}}

{{- /* What selectors use: never changes, never the user's. */ -}}
{{- define "mastodon.labels.selector" -}}
app.kubernetes.io/name: {{ include "mastodon.names.chart" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /* `metadata` of an object: name, namespace (but for `clusterScoped: true`), labels, annotations.
More annotations of the chart's own: `annotations`. */ -}}
{{- define "mastodon.labels.metadata" -}}
{{- $values := .values | default dict -}}
name: {{ .name }}
{{- if not .clusterScoped }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "mastodon.labels.selector" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  app.kubernetes.io/part-of: {{ include "mastodon.names.chart" .root }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
  {{- with include "mastodon.labels.users" (list .root.Values.commonLabels $values.labels) }}
    {{- . | nindent 2 }}
  {{- end }}
{{- with merge dict (.annotations | default dict) ($values.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- range $key, $value := . }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The user's labels, a later map winning, without those that belong to the chart. Takes a list of maps. */ -}}
{{- define "mastodon.labels.users" -}}
{{- $labels := dict -}}
{{- range . }}{{ $labels = mustMergeOverwrite $labels (deepCopy (. | default dict)) }}{{ end -}}
{{- range $key, $value := $labels }}
{{- if not (or (hasPrefix "app.kubernetes.io/" $key) (hasPrefix "mastodon-chart/" $key) (eq $key "helm.sh/chart")) }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
`metadata` of a pod template. No versions: a new chart version alone restarts nothing.
`checksums` is a map from a name to the text whose change must restart the pod.
*/ -}}
{{- define "mastodon.labels.podMetadata" -}}
labels:
  {{- include "mastodon.labels.selector" . | nindent 2 }}
  {{- if .media }}
  {{- include "mastodon.labels.media" .root | nindent 2 }}
  {{- end }}
  {{- with include "mastodon.labels.users" (list .root.Values.commonLabels .values.podLabels) }}
    {{- . | nindent 2 }}
  {{- end }}
{{- $annotations := dict -}}
{{- range $name, $text := .checksums }}{{ $_ := set $annotations (printf "checksum/%s" $name) (sha256sum $text) }}{{ end -}}
{{- with merge dict $annotations (.values.podAnnotations | default dict) }}
annotations:
  {{- range $key, $value := . }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The label of all pods that mount the media volume; pods of one node find each other by it. */ -}}
{{- define "mastodon.labels.media" -}}
mastodon-chart/media: {{ include "mastodon.names.fullname" . }}
{{- end -}}
