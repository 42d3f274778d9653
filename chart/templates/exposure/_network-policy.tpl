{{- /* The labels that all pods of the release have. Takes the top-level scope. */ -}}
{{- define "mastodon.networkPolicy.releaseLabels" -}}
app.kubernetes.io/name: {{ include "mastodon.labels.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /*
The port of an address such as https://s3.example.com:9000. Takes a text; prints nothing if it is no address.
*/ -}}
{{- define "mastodon.networkPolicy.port" -}}
{{- $known := dict "http" 80 "https" 443 "redis" 6379 "rediss" 6379 "postgres" 5432 "postgresql" 5432 -}}
{{- with regexFind "^[a-z]+://[^/?#]+" (toString .) -}}
  {{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" .) | default (get $known (splitList ":" . | first)) -}}
{{- end -}}
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
{{- range $name, $value := merge dict ($values.env | default dict) ($values.secretEnv | default dict) }}
  {{- $port := ternary (toString $value) (include "mastodon.networkPolicy.port" $value)
    (regexMatch "^[A-Z_]*(DB|REDIS|SENTINEL|SMTP|ES|LDAP)_PORT$" $name) }}
  {{- if and (not (kindIs "map" $value)) (regexMatch "^[0-9]{1,5}$" $port) }}{{ $ports = append $ports (int $port) }}{{ end }}
{{- end }}
{{- if ne (.reads | default "") "node" }}
  {{- $ports = concat $ports (list 80 443) }}
  {{- with include "mastodon.networkPolicy.port" $values.objectStorage.s3.endpoint }}
  {{- $ports = append $ports (int .) }}
  {{- end }}
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
