{{- /* The labels that all pods of the release have. Takes the top-level scope. */ -}}
{{- define "mastodon.networkPolicy.releaseLabels" -}}
app.kubernetes.io/name: {{ include "mastodon.labels.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /*
Egress rules of a component, or of all components without their own policy. Unless the user asks for them,
everything is allowed, as these rules could break what works. Ports of outside servers are allowed to every
address, as a policy cannot contain host names.
*/ -}}
{{- define "mastodon.networkPolicy.egress" -}}
{{- $values := .root.Values -}}
{{- if not $values.networkPolicy.egress.enabled -}}
- {}
{{- else -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if not .isDatabase }}
- to:
    - podSelector:
        matchLabels: {{- include "mastodon.networkPolicy.releaseLabels" .root | nindent 10 }}
{{- $ports := list }}
{{- range .connections }}{{ $ports = concat $ports (.ports | default list) }}{{ end }}
{{- if ne (.reads | default "") "node" }}
  {{- $ports = concat $ports (list 80 443) }}
  {{- if $values.smtp.server }}{{ $ports = append $ports $values.smtp.port }}{{ end }}
{{- end }}
{{- if eq .component "others" }}
  {{- $ports = append $ports 6443 }}
  {{- with $values.import.database }}
  {{- if .enabled }}{{ $ports = append $ports .server.port }}{{ end }}
  {{- end }}
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
