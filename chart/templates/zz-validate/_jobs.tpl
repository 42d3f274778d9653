{{- define "mastodon.validate.jobs" -}}
{{- range $name, $job := .Values.jobs }}
{{- if not (kindIs "invalid" $job.ttlSecondsAfterFinished) }}
jobs.{{ $name }}.ttlSecondsAfterFinished: not supported, as GitOps controllers would create the deleted Job again and again. Remove this line; Helm deletes the Job when a newer one replaces it.
{{- end }}
{{- end }}
{{- end -}}
