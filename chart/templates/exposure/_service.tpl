{{- /* A Service. Takes the context of a component, `name`, and the container's port as `target`. */ -}}
{{- define "mastodon.exposure.service" -}}
{{- $service := .own.service }}
apiVersion: v1
kind: Service
metadata:
  {{- $metadata := dict "labels" $service.labels "annotations" $service.annotations }}
  {{- include "mastodon.labels.metadata" (merge (dict "values" $metadata) .) | nindent 2 }}
spec:
  type: {{ $service.type }}
  {{- with pick $service "clusterIP" "externalTrafficPolicy" "internalTrafficPolicy" "ipFamilies" "ipFamilyPolicy"
    "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges" "sessionAffinity" }}
    {{- toYaml . | nindent 2 }}
  {{- end }}
  selector: {{- include "mastodon.labels.selector" . | nindent 4 }}
  ports:
    - name: {{ .target }}
      port: {{ $service.port }}
      targetPort: {{ .target }}
      {{- with $service.nodePort }}
      nodePort: {{ . }}
      {{- end }}
{{- end -}}

{{- /* "true" if a Service leads to the pods by IPv6, too; the images listen to IPv4 alone. Takes the values of a Service. */ -}}
{{- define "mastodon.exposure.speaksIPv6" -}}
{{- if or (has "IPv6" (.ipFamilies | default list)) (hasSuffix "DualStack" (.ipFamilyPolicy | default "")) }}true{{ end -}}
{{- end -}}

{{- /* The path of streaming, without a slash at its end as clients write it; all else there, such as /metrics, stays inside. */ -}}
{{- define "mastodon.exposure.streamingPath" -}}
- path: /api/v1/streaming
  pathType: Prefix
  backend: {service: {name: {{ .name | quote }}, port: {name: http}}}
{{- end -}}
