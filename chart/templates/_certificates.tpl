{{- /*
Certificates of the user's that pods mount. An environment's and a connection's `certificates` are a map from a
name to the source of a volume; its files are in /etc/<name>.
*/ -}}

{{- /*
The source of an authority, as JSON: one file, ca.crt. Takes the block of the values; {} if it names none.
*/ -}}
{{- define "mastodon.certificates.authority" -}}
{{- $items := list (dict "key" .key "path" "ca.crt") -}}
{{- if .existingConfigMap -}}
  {{- dict "configMap" (dict "name" .existingConfigMap "items" $items) | toJson -}}
{{- else if .existingSecret -}}
  {{- dict "secret" (dict "secretName" .existingSecret "items" $items) | toJson -}}
{{- else -}}
  {}
{{- end -}}
{{- end -}}

{{- /* The bundle that all programs trust, as `certificates`. Takes the top-level scope; JSON. */ -}}
{{- define "mastodon.certificates.bundle" -}}
{{- with include "mastodon.certificates.authority" .Values.caBundle | fromJson -}}
  {{- dict "ca-bundle" . | toJson -}}
{{- else -}}
  {}
{{- end -}}
{{- end -}}

{{- /* The mounts and the volumes, in lists. Both take `certificates`. */ -}}
{{- define "mastodon.certificates.mounts" -}}
{{- $mounts := list -}}
{{- range $name, $_ := . -}}
  {{- $mounts = append $mounts (dict "name" $name "mountPath" (printf "/etc/%s" $name) "readOnly" true) -}}
{{- end -}}
{{- toYaml $mounts -}}
{{- end -}}

{{- define "mastodon.certificates.volumes" -}}
{{- $volumes := list -}}
{{- range $name, $source := . -}}
  {{- $volumes = append $volumes (merge (dict "name" $name) $source) -}}
{{- end -}}
{{- toYaml $volumes -}}
{{- end -}}
