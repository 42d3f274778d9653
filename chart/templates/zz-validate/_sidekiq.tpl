{{- define "mastodon.validate.sidekiq" -}}
{{- $names := list }}
{{- $schedulers := list }}
{{- $queues := list }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $path := printf "sidekiq.workers[%d]" $index }}
{{- if has $worker.name $names }}
{{ $path }}.name: "{{ $worker.name }}" is also the name of another worker. Give each worker its own name.
{{- end }}
{{- $names = append $names $worker.name }}
{{- range $worker.queues }}{{ $queues = append $queues (splitList "," . | first) }}{{ end }}
{{- if include "mastodon.sidekiq.serves" (dict "worker" $worker "queue" "scheduler") }}
{{- $schedulers = append $schedulers $worker.name }}
{{- if eq (($worker.strategy | default dict).type | default "Recreate") "RollingUpdate" }}
{{ $path }}.strategy.type: must be Recreate, as this worker serves "scheduler" and the old and the new pod would both queue its jobs. Remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- range .components }}
{{- if .strategy }}
{{- if gt (int .values.replicas) 1 }}
{{ include "mastodon.validate.key" (list . "replicas") }}: must be 1 for {{ .component }}, as it serves "scheduler" and a second process would queue everything twice. Move "scheduler" to its own worker.
{{- end }}
{{- if .values.autoscaling.enabled }}
{{ include "mastodon.validate.key" (list . "autoscaling" "enabled") }}: must be false for {{ .component }}, as it serves "scheduler" and must be a single process. Move "scheduler" to its own worker.
{{- end }}
{{- end }}
{{- end }}
{{- if gt (len $schedulers) 1 }}
sidekiq.workers: "scheduler" is served by {{ join " and " $schedulers }}, but two processes would queue everything twice. Keep it in one worker only.
{{- end }}
{{- range $queue := list "default" "push" "ingress" "mailers" "pull" "scheduler" "fasp" }}
{{- if not (has $queue $queues) }}
sidekiq.workers: no worker serves the queue "{{ $queue }}", so its jobs would pile up. Add it to the queues of a worker.
{{- end }}
{{- end }}
{{- end -}}
