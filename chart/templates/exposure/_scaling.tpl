{{- /* A PodDisruptionBudget and a HorizontalPodAutoscaler of a Deployment, as far as wanted. Takes its resolved context. */ -}}
{{- define "mastodon.exposure.scaling" -}}
{{- $pdb := .values.pdb -}}
{{- /* Pods that share a volume of one node can't move one by one: a budget would keep that node from being drained. */ -}}
{{- $wanted := and .replicated (not (and .media (include "mastodon.storage.oneNode" .root))) -}}
{{- if and (not .root.Values.maintenance) (ternary $pdb.enabled $wanted (kindIs "bool" $pdb.enabled)) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{- include "mastodon.labels.metadata" . | nindent 2 }}
spec:
  {{- if kindIs "invalid" $pdb.minAvailable }}
  maxUnavailable: {{ $pdb.maxUnavailable }}
  {{- else }}
  minAvailable: {{ $pdb.minAvailable }}
  {{- end }}
  # A pod that does not work must not keep its node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "mastodon.labels.selector" . | nindent 6 }}
{{- end }}
{{- $scaling := .values.autoscaling }}
{{- if and $scaling.enabled (not .root.Values.maintenance) }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{- include "mastodon.labels.metadata" . | nindent 2 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ .name | quote }}}
  minReplicas: {{ $scaling.minReplicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ $scaling.targetCPUUtilizationPercentage }}}
  {{- with $scaling.behavior }}
  behavior: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
