{{- /*
The path of streaming, without a slash at its end as clients write it; all else there, such as /metrics,
stays inside. Takes the component.
*/ -}}
{{- define "mastodon.ingress.streamingPath" -}}
- path: /api/v1/streaming
  pathType: Prefix
  backend: {service: {name: {{ .name | quote }}, port: {name: http}}}
{{- end -}}
