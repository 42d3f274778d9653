{{- define "mastodon.validate.exposure" -}}
{{- $ingress := .Values.ingress }}
{{- if and $ingress.enabled (not (or $ingress.hosts .Values.mastodon.localDomain)) }}
ingress.hosts: required when ingress.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or a host.
{{- end }}
{{- range $component := list "web" "streaming" "postgresql" "redis" }}
{{- $service := (get $.Values $component).service }}
{{- $path := printf "%s.service" $component }}
{{- if and (eq $service.type "ClusterIP") $service.nodePort }}
{{ $path }}.nodePort: needs {{ $path }}.type NodePort or LoadBalancer. Set the type or remove the line.
{{- end }}
{{- if ne $service.type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges" }}
{{- if get $service $key }}
{{ $path }}.{{ $key }}: needs {{ $path }}.type LoadBalancer. Set the type or remove the line.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $component := list "web" "streaming" }}
{{- $c := dict "root" $ "component" $component "own" (get $.Values $component) }}
{{- include "mastodon.pod.resolve" $c }}
{{- include "mastodon.validate.disruption" (dict "path" $component "values" $c.values) }}
{{- end }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $c := dict "root" $ "worker" $worker }}
{{- include "mastodon.sidekiq.resolve" $c }}
{{- include "mastodon.validate.disruption" (dict "path" (printf "sidekiq.workers[%d]" $index) "values" $c.values) }}
{{- end }}
{{- end -}}

{{- /* A budget that never lets a pod go keeps every node from being drained. */ -}}
{{- define "mastodon.validate.disruption" -}}
{{- $pdb := .values.pdb }}
{{- $replicas := ternary .values.autoscaling.minReplicas .values.replicas (not (empty .values.autoscaling.enabled)) | int }}
{{- if or (eq (toString $pdb.maxUnavailable) "0") (eq (toString $pdb.maxUnavailable) "0%") }}
{{ .path }}.pdb.maxUnavailable: 0 would keep every node with such a pod from being drained. Set at least 1.
{{- end }}
{{- if eq (toString $pdb.minAvailable) "100%" }}
{{ .path }}.pdb.minAvailable: 100% would keep every node with such a pod from being drained. Set maxUnavailable: 1 instead.
{{- else if and (regexMatch "^[0-9]+$" (toString $pdb.minAvailable)) (ge (int $pdb.minAvailable) $replicas) }}
{{ .path }}.pdb.minAvailable: with {{ $replicas }} replica(s) no pod could ever be evicted. Set fewer, or maxUnavailable: 1.
{{- end }}
{{- end -}}
