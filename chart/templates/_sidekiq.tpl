{{- /*
"true" if a worker serves the queue. Takes a dict: `worker`, `queue`. Queues are written `name` or
`name,weight`.
*/ -}}
{{- define "mastodon.sidekiq.serves" -}}
{{- range .worker.queues }}{{ if eq (splitList "," . | first) $.queue }}true{{ end }}{{ end -}}
{{- end -}}
