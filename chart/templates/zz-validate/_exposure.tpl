{{- define "mastodon.validate.exposure" -}}
{{- range .components }}
{{- if .port }}
{{- $service := .values.service }}
{{- $path := printf "%s.service" .path }}
{{- if and (eq $service.type "ClusterIP") $service.nodePort }}
{{ $path }}.nodePort: only used when {{ $path }}.type is NodePort or LoadBalancer. Change the type or remove this line.
{{- end }}
{{- if ne $service.type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges" }}
{{- if get $service $key }}
{{ $path }}.{{ $key }}: only used when {{ $path }}.type is LoadBalancer. Change the type or remove this line.
{{- end }}
{{- end }}
{{- else if eq (toString $service.loadBalancerClass) "tailscale" }}
{{- range $key := list "loadBalancerIP" "loadBalancerSourceRanges" }}
{{- if get $service $key }}
{{ $path }}.{{ $key }}: ignored by the class tailscale, where the tailnet's policy decides who may connect. Remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if .scales }}
{{- include "mastodon.validate.disruption" . }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* A budget that never allows an eviction prevents nodes from being drained. Takes a component. */ -}}
{{- define "mastodon.validate.disruption" -}}
{{- $pdb := .values.pdb }}
{{- $replicas := ternary .values.autoscaling.minReplicas .values.replicas
  (not (empty .values.autoscaling.enabled)) | int }}
{{- if or (eq (toString $pdb.maxUnavailable) "0") (eq (toString $pdb.maxUnavailable) "0%") }}
{{ include "mastodon.validate.key" (list . "pdb" "maxUnavailable") }}: 0 would prevent every node with such a pod from being drained. Set at least 1.
{{- end }}
{{- if eq (toString $pdb.minAvailable) "100%" }}
{{ include "mastodon.validate.key" (list . "pdb" "minAvailable") }}: 100% would prevent every node with such a pod from being drained. Set maxUnavailable: 1 instead.
{{- else if and (regexMatch "^[0-9]+$" (toString $pdb.minAvailable)) (ge (int $pdb.minAvailable) $replicas) }}
{{ include "mastodon.validate.key" (list . "pdb" "minAvailable") }}: with {{ $replicas }} replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.
{{- end }}
{{- end -}}
