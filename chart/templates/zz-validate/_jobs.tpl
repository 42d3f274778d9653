{{- define "mastodon.validate.jobs" -}}
{{- range $name := list "migrate" "postMigrate" "admin" "importDatabase" }}
{{- if hasKey (get $.Values.jobs $name) "ttlSecondsAfterFinished" }}
jobs.{{ $name }}.ttlSecondsAfterFinished: not possible, as GitOps controllers would create the deleted Job again and again. Remove the line; Helm removes the Job with the next version.
{{- end }}
{{- end }}
{{- end -}}
