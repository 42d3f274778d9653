{{- /* "true" if a worker serves the queue. Takes a dict: `worker`, `queue`. Queues are written `name` or `name,weight`. */ -}}
{{- define "mastodon.sidekiq.serves" -}}
{{- range .worker.queues }}{{ if eq (splitList "," . | first) $.queue }}true{{ end }}{{ end -}}
{{- end -}}

{{- /*
Completes the context of a worker, prints nothing. Takes a dict with `root` and `worker`; the component is
"sidekiq-<name of the worker>". Jobs of the queue `scheduler` would be queued twice by two processes, so there
the old pod ends before the new one starts.
*/ -}}
{{- define "mastodon.sidekiq.resolve" -}}
{{- $_ := set . "component" (printf "sidekiq-%s" .worker.name) -}}
{{- $_ = set . "defaults" (omit .root.Values.sidekiq "workers") -}}
{{- $_ = set . "own" (omit .worker "name") -}}
{{- include "mastodon.pod.resolve" . -}}
{{- if include "mastodon.sidekiq.serves" (dict "worker" .worker "queue" "scheduler") -}}
{{- $_ = set .values "strategy" (dict "type" "Recreate") -}}
{{- end -}}
{{- $_ = set . "name" (include "mastodon.names.component" .) -}}
{{- $_ = set . "replicated" (or .values.autoscaling.enabled (gt (int .values.replicas) 1)) -}}
{{- end -}}
