{{- /* What Kubernetes refuses, or never ends, in the workloads of the components and Jobs. */ -}}
{{- define "mastodon.validate.workloads" -}}
{{- range .components }}
{{- include "mastodon.validate.resources" . }}
{{- include "mastodon.validate.preStop" . }}
{{- if .scales }}
{{- include "mastodon.validate.replicas" . }}
{{- end }}
{{- if .budget }}
{{- include "mastodon.validate.disruption" . }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes a component. */ -}}
{{- define "mastodon.validate.resources" -}}
{{- $component := . }}
{{- $resources := .values.resources | default dict }}
{{- $requests := $resources.requests | default dict }}
{{- range $name, $limit := $resources.limits }}
{{- $request := get $requests $name }}
{{- $most := include "mastodon.capacity.number" $limit | float64 }}
{{- if and $most (gt (include "mastodon.capacity.number" $request | float64) $most) }}
{{ include "mastodon.validate.key" (list $component "resources" "limits" $name) }}: must be at least {{ include "mastodon.validate.key" (list $component "resources" "requests" $name) }} ({{ include "mastodon.env.text" $request }}), or Kubernetes refuses the pods. Raise it, or lower the request.
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes a component. */ -}}
{{- define "mastodon.validate.preStop" -}}
{{- $preStop := (.values.lifecycle | default dict).preStop | default dict }}
{{- $grace := ternary 30 .values.terminationGracePeriodSeconds (kindIs "invalid" .values.terminationGracePeriodSeconds) | int }}
{{- with $preStop.sleep }}
{{- if and (eq (len $preStop) 1) (gt (int .seconds) $grace) }}
{{ include "mastodon.validate.key" (list $ "terminationGracePeriodSeconds") }}: must be at least {{ include "mastodon.validate.key" (list $ "lifecycle" "preStop" "sleep" "seconds") }} ({{ int .seconds }}), or Kubernetes refuses the pods. Raise it.
{{- end }}
{{- end }}
{{- end -}}

{{- /* How many pods there are, and are during an update. Takes a component. */ -}}
{{- define "mastodon.validate.replicas" -}}
{{- $autoscaling := .values.autoscaling }}
{{- if and $autoscaling.enabled (gt (int $autoscaling.minReplicas) (int $autoscaling.maxReplicas)) }}
{{ include "mastodon.validate.key" (list . "autoscaling" "maxReplicas") }}: must be at least {{ include "mastodon.validate.key" (list . "autoscaling" "minReplicas") }} ({{ int $autoscaling.minReplicas }}). Raise it.
{{- end }}
{{- $resources := .values.resources | default dict }}
{{- if and $autoscaling.enabled (not (or ($resources.requests | default dict).cpu ($resources.limits | default dict).cpu)) }}
{{ .path }}.resources.requests.cpu: required when {{ include "mastodon.validate.key" (list . "autoscaling" "enabled") }} is true, as the target of autoscaling is a share of it. Set it.
{{- end }}
{{- $update := .values.strategy.rollingUpdate | default dict }}
{{- $none := list "0" "0%" }}
{{- if and (eq .values.strategy.type "RollingUpdate") (has (toString $update.maxSurge) $none) (has (toString $update.maxUnavailable) $none) }}
{{ include "mastodon.validate.key" (list . "strategy" "rollingUpdate") }}: with 0 for both maxSurge and maxUnavailable no pod could ever be replaced. Set one of them to at least 1.
{{- end }}
{{- end -}}

{{- /* A budget that never allows an eviction prevents nodes from being drained. Takes a component. */ -}}
{{- define "mastodon.validate.disruption" -}}
{{- $pdb := .values.pdb }}
{{- $replicas := ternary .values.autoscaling.minReplicas .values.replicas
  (not (empty .values.autoscaling.enabled)) | int }}
{{- $kept := int $pdb.minAvailable }}
{{- if hasSuffix "%" (toString $pdb.minAvailable) }}
{{- /* Kubernetes rounds up. */}}
{{- $kept = div (add (mul (trimSuffix "%" $pdb.minAvailable | int) $replicas) 99) 100 | int }}
{{- end }}
{{- if or (eq (toString $pdb.maxUnavailable) "0") (eq (toString $pdb.maxUnavailable) "0%") }}
{{ include "mastodon.validate.key" (list . "pdb" "maxUnavailable") }}: 0 would prevent every node with such a pod from being drained. Set at least 1.
{{- end }}
{{- if eq (toString $pdb.minAvailable) "100%" }}
{{ include "mastodon.validate.key" (list . "pdb" "minAvailable") }}: 100% would prevent every node with such a pod from being drained. Set maxUnavailable: 1 instead.
{{- else if and (not (kindIs "invalid" $pdb.minAvailable)) (ge $kept $replicas) }}
{{ include "mastodon.validate.key" (list . "pdb" "minAvailable") }}: with {{ $replicas }} replica(s), no pod could ever be evicted. Set a lower number, or maxUnavailable: 1 instead.
{{- end }}
{{- end -}}
