{{- /* Labels, annotations and `metadata`. */ -}}

{{- /* The value of the label app.kubernetes.io/name. Takes the top-level scope. */ -}}
{{- define "mastodon.labels.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /*
`metadata` of an object. Takes a component, or a dict:
  of             the component; or `root`, `component` and `name` for an object that belongs to none
  name           its name, if it is not the component's
  labels         the user's labels for this object only, which win over the component's
  annotations    the same for annotations
  fixed          annotations of the chart, which always win
  clusterScoped  whether it has no namespace
*/ -}}
{{- define "mastodon.labels.metadata" -}}
{{- $of := .of | default . -}}
{{- $root := $of.root -}}
{{- $values := $of.values | default dict -}}
name: {{ .name | default $of.name | quote }}
{{- if not .clusterScoped }}
namespace: {{ $root.Release.Namespace | quote }}
{{- end }}
labels:
  app.kubernetes.io/component: {{ $of.component }}
  app.kubernetes.io/name: {{ include "mastodon.labels.name" $root | quote }}
  app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
  app.kubernetes.io/managed-by: {{ $root.Release.Service }}
  app.kubernetes.io/part-of: {{ include "mastodon.labels.name" $root | quote }}
  app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
  helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 }}
  {{- with include "mastodon.labels.users" (list .labels $values.labels $root.Values.commonLabels) }}
  {{- trim . | nindent 2 }}
  {{- end }}
{{- with merge dict (.fixed | default dict) (.annotations | default dict) ($values.annotations | default dict)
  ($root.Values.commonAnnotations | default dict) }}
annotations:
  {{- range $key, $value := . }}
  {{ $key | quote }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /*
`metadata` of a pod template. No versions: a new chart version by itself restarts nothing. Takes a dict: the
component as `of`, and `checksums`, a map from a name to the text that, when it changes, must restart the pod.
*/ -}}
{{- define "mastodon.labels.podMetadata" -}}
{{- $values := .of.values -}}
labels:
  {{- toYaml .of.selector | nindent 2 }}
  {{- if hasKey .of.volumes "system" }}
  {{- include "mastodon.labels.media" .of | nindent 2 }}
  {{- end }}
  {{- with include "mastodon.labels.users" (list $values.podLabels .of.root.Values.commonLabels) }}
  {{- trim . | nindent 2 }}
  {{- end }}
{{- $annotations := dict -}}
{{- range $name, $text := .checksums -}}
  {{- $_ := set $annotations (printf "checksum/%s" $name) (sha256sum $text) -}}
{{- end -}}
{{- with merge $annotations ($values.podAnnotations | default dict) }}
annotations:
  {{- range $key, $value := . }}
  {{ $key | quote }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /*
The user's labels, except those that belong to the chart. Takes a list of maps, of which the first wins.
*/ -}}
{{- define "mastodon.labels.users" -}}
{{- $labels := dict -}}
{{- range . }}{{ $labels = merge $labels (. | default dict) }}{{ end -}}
{{- range $key, $value := $labels }}
{{- if not (or (hasPrefix "app.kubernetes.io/" $key) (hasPrefix "mastodon-chart/" $key)
  (eq $key "helm.sh/chart")) }}
{{ $key | quote }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
The label of all pods that mount the media; pods that must share a node find each other by it. Takes a
component.
*/ -}}
{{- define "mastodon.labels.media" -}}
mastodon-chart/media: {{ .fullname | quote }}
{{- end -}}
