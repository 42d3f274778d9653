{{- /* The labels that all pods of the release have. Takes the top-level scope. */ -}}
{{- define "mastodon.exposure.releaseLabels" -}}
app.kubernetes.io/name: {{ include "mastodon.names.chart" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /*
Egress rules of a component. As long as they are not asked for, everything is allowed: this side could break what works.
Ports of servers outside are allowed to every address, as a policy knows no host names.
*/ -}}
{{- define "mastodon.exposure.egress" -}}
{{- $values := .root.Values -}}
{{- if not $values.networkPolicy.egress.enabled -}}
- {}
{{- else -}}
{{- $database := has .component (list "postgresql" "redis") -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if not $database }}
- to:
    - podSelector:
        matchLabels: {{- include "mastodon.exposure.releaseLabels" .root | nindent 10 }}
{{- $ports := list }}
{{- if eq $values.postgresql.mode "external" }}
  {{- $ports = concat $ports (list $values.postgresql.port $values.postgresql.direct.port) }}
{{- end }}
{{- if eq $values.redis.mode "external" }}{{ $ports = append $ports $values.redis.port }}{{ end }}
{{- if ne .component "streaming" }}
  {{- $ports = concat $ports (list 80 443) }}
  {{- if $values.smtp.server }}{{ $ports = append $ports $values.smtp.port }}{{ end }}
{{- end }}
{{- if eq .component "others" }}
  {{- $ports = append $ports 6443 }}
  {{- if $values.import.database.enabled }}{{ $ports = append $ports $values.import.database.server.port }}{{ end }}
{{- end }}
{{- with compact $ports | uniq }}
- ports:
    {{- range . }}
    - port: {{ . }}
    {{- end }}
{{- end }}
{{- with $values.networkPolicy.egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
