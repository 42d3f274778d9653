{{- /* Hosts at which nobody gets an answer of Mastodon. */ -}}
{{- define "mastodon.validate.hosts" -}}
{{- $mastodon := .Values.mastodon }}
{{- $gateway := .Values.gateway }}
{{- /* The hosts at which web answers. The variables may also come from where nobody can see them here. */}}
{{- $known := concat (list $mastodon.localDomain $mastodon.webDomain .Values.onion.hostname
  (get (urlParse (.Values.streaming.baseUrl | default "")) "hostname")) $mastodon.alternateDomains | compact }}
{{- $isOpen := false }}
{{- range list "LOCAL_DOMAIN" "WEB_DOMAIN" "ALTERNATE_DOMAINS" }}
{{- if include "mastodon.validate.hasVariable" (dict "root" $ "name" .) }}{{ $isOpen = true }}{{ end }}
{{- end }}
{{- $lists := dict "ingress.hosts" (ternary .Values.ingress.hosts list .Values.ingress.enabled)
  "gateway.hostnames" (ternary $gateway.hostnames list $gateway.enabled) }}
{{- range $path, $hosts := ternary dict $lists $isOpen }}
{{- range $hosts }}
{{- if not (has (lower .) (join " " $known | lower | splitList " ")) }}
{{ $path }}: Mastodon answers requests to "{{ . }}" with the error 403, as it is none of its domains. {{ ternary "Add it to mastodon.alternateDomains" "Set mastodon.localDomain" (not (empty $mastodon.localDomain)) }}, or remove it.
{{- end }}
{{- end }}
{{- end }}
{{- if $gateway.enabled }}
{{- range $gateway.redirect.hostnames }}
{{- if has . (include "mastodon.sites.hosts" (dict "root" $ "hosts" $gateway.hostnames) | fromJsonArray) }}
gateway.redirect.hostnames: "{{ . }}" is a host of web, whose requests would be redirected instead of answered. Remove it.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
