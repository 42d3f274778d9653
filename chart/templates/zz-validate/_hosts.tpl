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
{{- $lists := dict "ingress.hosts" (ternary list .Values.ingress.hosts (empty .Values.ingress.enabled))
  "gateway.hostnames" (ternary list $gateway.hostnames (empty $gateway.enabled)) }}
{{- range $path, $hosts := ternary dict $lists $isOpen }}
{{- range $hosts }}
{{- if not (has (lower .) (join " " $known | lower | splitList " ")) }}
{{ $path }}: Mastodon answers requests to "{{ . }}" with the error 403, as it is not one of its domains. {{ ternary "Add it to mastodon.alternateDomains" "Set mastodon.localDomain" (not (empty $mastodon.localDomain)) }}, or remove it.
{{- end }}
{{- end }}
{{- end }}
{{- $ingress := .Values.ingress }}
{{- if and $ingress.enabled (eq $ingress.className "tailscale") (not $isOpen)
  (not (regexMatch "[.]ts[.]net( |$)" (concat $known $ingress.hosts | join " " | lower))) }}
ingress.className: with tailscale, people visit a machine of your tailnet, but Mastodon answers requests to its name with the error 403, as none of its domains ends with ".ts.net". Add <machine>.<tailnet>.ts.net to mastodon.alternateDomains.
{{- end }}
{{- if $gateway.enabled }}
{{- range $gateway.redirect.hostnames }}
{{- if has . (include "mastodon.sites.hosts" (dict "root" $ "hosts" $gateway.hostnames) | fromJsonArray) }}
gateway.redirect.hostnames: "{{ . }}" is a host of web, whose requests would be redirected instead of answered. Remove it.
{{- end }}
{{- end }}
{{- include "mastodon.validate.listenerHosts" . }}
{{- end }}
{{- end -}}

{{- /* Hosts of routes that belong to the ListenerSet of the release, where no listener is for them. */ -}}
{{- define "mastodon.validate.listenerHosts" -}}
{{- $gateway := .Values.gateway }}
{{- $listened := list }}
{{- $isOpen := or (not (empty $gateway.parentRefs)) (empty $gateway.listenerSet.listeners) }}
{{- range $gateway.listenerSet.listeners }}
{{- with .hostname }}{{ $listened = append $listened . }}{{ else }}{{ $isOpen = true }}{{ end }}
{{- end }}
{{- $hosts := $gateway.redirect.hostnames }}
{{- range include "mastodon.sites" (dict "root" . "hosts" $gateway.hostnames) | fromJsonArray }}
{{- if or (eq .key "web") (not (get $gateway .key).parentRefs) }}{{ $hosts = concat $hosts .hosts }}{{ end }}
{{- end }}
{{- range ternary list (uniq $hosts) $isOpen }}
{{- $host := lower . }}
{{- $isHeard := has $host $listened }}
{{- /* A wildcard stands for all that is below: `*.example.com` for `a.b.example.com`, not for `example.com`. */}}
{{- range $listened }}
{{- if and (hasPrefix "*." .) (hasSuffix (trimPrefix "*" .) $host) }}{{ $isHeard = true }}{{ end }}
{{- end }}
{{- if not $isHeard }}
gateway.listenerSet.listeners: none is for "{{ . }}", so its route would get no requests. Add a listener with this hostname.
{{- end }}
{{- end }}
{{- end -}}
