{{- define "mastodon.validate.sidekiq" -}}
{{- $names := list }}
{{- $schedulers := list }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $path := printf "sidekiq.workers[%d]" $index }}
{{- if has $worker.name $names }}
{{ $path }}.name: "{{ $worker.name }}" names another worker, too. Give each its own name.
{{- end }}
{{- $names = append $names $worker.name }}
{{- if include "mastodon.sidekiq.serves" (dict "worker" $worker "queue" "scheduler") }}
{{- $schedulers = append $schedulers $worker.name }}
{{- $c := dict "root" $ "worker" $worker }}
{{- include "mastodon.sidekiq.resolve" $c }}
{{- if gt (int $c.values.replicas) 1 }}
{{ $path }}.replicas: must be 1, as this worker serves "scheduler" and a second process would queue everything twice. Move "scheduler" to a worker of its own.
{{- end }}
{{- if $c.values.autoscaling.enabled }}
{{ $path }}.autoscaling: not possible for the worker that serves "scheduler", as it must be one process. Move "scheduler" to a worker of its own.
{{- end }}
{{- if eq (($worker.strategy | default dict).type | default "Recreate") "RollingUpdate" }}
{{ $path }}.strategy.type: must be Recreate, as this worker serves "scheduler" and old and new pod would both queue. Remove the line.
{{- end }}
{{- end }}
{{- end }}
{{- if gt (len $schedulers) 1 }}
sidekiq.workers: "scheduler" is served by {{ join " and " $schedulers }}, but two processes would queue everything twice. Leave it to one worker.
{{- end }}
{{- range $queue := list "default" "push" "ingress" "mailers" "pull" "scheduler" "fasp" }}
{{- $served := false }}
{{- range $worker := $.Values.sidekiq.workers }}
{{- if include "mastodon.sidekiq.serves" (dict "worker" $worker "queue" $queue) }}{{ $served = true }}{{ end }}
{{- end }}
{{- if not $served }}
sidekiq.workers: no worker serves the queue "{{ $queue }}", so its jobs would pile up. Add it to the queues of a worker.
{{- end }}
{{- end }}
{{- end -}}
