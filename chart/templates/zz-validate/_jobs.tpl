{{- define "mastodon.validate.jobs" -}}
{{- range $name, $job := .Values.jobs }}
{{- if not (kindIs "invalid" $job.ttlSecondsAfterFinished) }}
jobs.{{ $name }}.ttlSecondsAfterFinished: not possible, as GitOps controllers would create the deleted Job again and again. Remove the line; Helm removes the Job with the next version.
{{- end }}
{{- end }}
{{- end -}}
