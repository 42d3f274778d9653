{{- /* How the values of a component follow from its levels. Only the registry calls it. */ -}}

{{- /* Sets `values` of an entry: the narrower level wins. Called by the registry only. */ -}}
{{- define "mastodon.components.values" -}}
{{- $values := dict -}}
{{- range .levels -}}
  {{- include "mastodon.components.replaced" (dict "wide" $values "narrow" .values) -}}
  {{- $values = mustMergeOverwrite $values (deepCopy .values) -}}
{{- end -}}
{{- with .strategy }}{{ $_ := set $values "strategy" . }}{{ end -}}
{{- if .isJob -}}
  {{- /* A sidecar would keep the Job from ending: it becomes an init container that keeps running. */ -}}
  {{- $containers := $values.initContainers | default list -}}
  {{- range $values.sidecars -}}
    {{- $containers = append $containers (merge (dict "restartPolicy" "Always") .) -}}
  {{- end -}}
  {{- $_ := set $values "initContainers" $containers -}}
  {{- $_ = unset $values "sidecars" -}}
{{- end -}}
{{- range $key := list "initContainers" "sidecars" -}}
  {{- $containers := list -}}
  {{- range get $values $key | default list -}}
    {{- $context := dict -}}
    {{- with $values.securityContext }}{{ $_ := set $context "securityContext" (deepCopy .) }}{{ end -}}
    {{- $containers = append $containers (mustMergeOverwrite $context .) -}}
  {{- end -}}
  {{- $_ := set $values $key $containers -}}
{{- end -}}
{{- $_ := set . "values" $values -}}
{{- end -}}

{{- /*
Removes from the wider level what the narrower one replaces as a whole, as it would not merge: a digest
belongs to its tag, a variable has one source, a probe and a hook one handler. Called by the registry only.
*/ -}}
{{- define "mastodon.components.replaced" -}}
{{- $wide := .wide -}}
{{- $image := .narrow.image | default dict -}}
{{- if and $wide.image (or $image.tag $image.repository) -}}
  {{- $_ := unset $wide.image "digest" -}}
{{- end -}}
{{- range $key := list "env" "lifecycle" -}}
  {{- $entries := get $wide $key | default dict -}}
  {{- range $name, $_ := get $.narrow $key | default dict }}{{ $_ := unset $entries $name }}{{ end -}}
{{- end -}}
{{- range $name, $probe := .narrow.probes -}}
  {{- $handlers := pick ($probe | default dict) "exec" "grpc" "httpGet" "tcpSocket" -}}
  {{- $other := get ($wide.probes | default dict) $name | default dict -}}
  {{- if $handlers -}}
    {{- range list "exec" "grpc" "httpGet" "tcpSocket" }}{{ $_ := unset $other . }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- end -}}
