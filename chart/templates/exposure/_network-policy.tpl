{{- /* The labels that all pods of the release have. Takes the top-level scope. */ -}}
{{- define "mastodon.exposure.releaseLabels" -}}
app.kubernetes.io/name: {{ include "mastodon.names.chart" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* The components that nobody connects to, separated by spaces. */ -}}
{{- define "mastodon.exposure.silent" -}}
{{- $components := list "migrate" "test" -}}
{{- range .Values.sidekiq.workers }}{{ $components = append $components (printf "sidekiq-%s" .name) }}{{ end -}}
{{- if include "mastodon.jobs.generated" . | trim }}{{ $components = append $components "secrets" }}{{ end -}}
{{- if not .Values.jobs.postMigrate.hold }}{{ $components = append $components "post-migrate" }}{{ end -}}
{{- if .Values.mastodon.admin.enabled }}{{ $components = append $components "admin" }}{{ end -}}
{{- if .Values.import.database.enabled }}{{ $components = append $components "import-database" }}{{ end -}}
{{- join " " $components -}}
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
{{- $release := include "mastodon.exposure.releaseLabels" .root | fromYaml -}}
{{- $database := has .component (list "postgresql" "redis") -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if not $database }}
- to:
    - podSelector: {matchLabels: {{- toYaml $release | nindent 8 }}}
{{- $ports := list }}
{{- if eq $values.postgresql.mode "external" }}
  {{- $ports = concat $ports (list $values.postgresql.port $values.postgresql.direct.port) }}
{{- end }}
{{- if eq $values.redis.mode "external" }}{{ $ports = append $ports $values.redis.port }}{{ end }}
{{- if or (eq .component "web") (hasPrefix "sidekiq-" .component) }}
  {{- $ports = concat $ports (list 80 443) }}
  {{- if $values.smtp.server }}{{ $ports = append $ports $values.smtp.port }}{{ end }}
{{- else if has .component (list "migrate" "post-migrate" "admin" "secrets") }}
  {{- $ports = concat $ports (list 443 6443) }}
{{- else if eq .component "import-database" }}
  {{- $ports = append $ports $values.import.database.server.port }}
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
