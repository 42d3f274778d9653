{{- /*
The path of streaming, without a trailing slash, as clients write it; everything else there, such as
/metrics, stays internal. Takes the component.
*/ -}}
{{- define "mastodon.ingress.streamingPath" -}}
- path: /api/v1/streaming
  pathType: Prefix
  backend: {service: {name: {{ .name | quote }}, port: {name: http}}}
{{- end -}}
