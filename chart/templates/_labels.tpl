{{- /*
Labels. All take the context of a component (see _names.tpl); `name` in it is the object's name.
*/ -}}

{{- /* What selectors use: never changes, never the user's. */ -}}
{{- define "mastodon.labels.selector" -}}
app.kubernetes.io/name: {{ include "mastodon.names.chart" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /* `metadata` of an object: name, namespace (but for `clusterScoped: true`), labels, annotations.
More annotations of the chart's own: `annotations`. */ -}}
{{- define "mastodon.labels.metadata" -}}
{{- $values := .values | default dict -}}
name: {{ .name | quote }}
{{- if not .clusterScoped }}
namespace: {{ .root.Release.Namespace | quote }}
{{- end }}
labels:
  app.kubernetes.io/component: {{ .component }}
  {{- include "mastodon.labels.release" .root }}
  {{- with merge dict ($values.labels | default dict) (.root.Values.commonLabels | default dict) }}{{ include "mastodon.labels.users" . | trim | nindent 2 }}{{ end }}
{{- with merge dict (.annotations | default dict) ($values.annotations | default dict) (.root.Values.commonAnnotations | default dict) }}
annotations:
  {{- range $key, $value := . }}
  {{ $key | quote }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The labels that all objects of the release have, indented; the text is kept in the top-level scope, which it takes. */ -}}
{{- define "mastodon.labels.release" -}}
{{- if not (hasKey . "releaseLabels") }}{{ $_ := set . "releaseLabels" (include "mastodon.labels.makeRelease" . | nindent 2) }}{{ end -}}
{{- .releaseLabels -}}
{{- end -}}

{{- define "mastodon.labels.makeRelease" -}}
app.kubernetes.io/name: {{ include "mastodon.names.chart" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: {{ include "mastodon.names.chart" . | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{- /* The user's labels, without those that belong to the chart. Takes a map. */ -}}
{{- define "mastodon.labels.users" -}}
{{- range $key, $value := . }}
{{- if not (or (hasPrefix "app.kubernetes.io/" $key) (hasPrefix "mastodon-chart/" $key) (eq $key "helm.sh/chart")) }}
{{ $key | quote }}: {{ $value | quote }}
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
  {{- with merge dict (.values.podLabels | default dict) (.root.Values.commonLabels | default dict) }}{{ include "mastodon.labels.users" . | trim | nindent 2 }}{{ end }}
{{- $annotations := dict -}}
{{- range $name, $text := .checksums }}{{ $_ := set $annotations (printf "checksum/%s" $name) (sha256sum $text) }}{{ end -}}
{{- with merge dict $annotations (.values.podAnnotations | default dict) }}
annotations:
  {{- range $key, $value := . }}
  {{ $key | quote }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* The label of all pods that mount the media volume; pods of one node find each other by it. */ -}}
{{- define "mastodon.labels.media" -}}
mastodon-chart/media: {{ include "mastodon.names.fullname" . | quote }}
{{- end -}}
