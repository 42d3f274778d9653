{{- /* What cannot lead from outside to web and streaming. */ -}}
{{- define "mastodon.validate.entrances" -}}
{{- $ingress := .Values.ingress }}
{{- $mastodon := .Values.mastodon }}
{{- $gateway := .Values.gateway }}
{{- if and $ingress.enabled (not (or $ingress.hosts $mastodon.localDomain)) }}
ingress.hosts: required when ingress.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or add a host.
{{- end }}
{{- if and $ingress.certManager.issuer $ingress.certManager.clusterIssuer }}
ingress.certManager: issuer and clusterIssuer are mutually exclusive. Remove one of them.
{{- end }}
{{- if and $ingress.enabled (eq $ingress.className "tailscale") }}
{{- if not $ingress.tls }}
ingress.tls: required when ingress.className is tailscale, which names its machine after the first host there. Set it to the host of web, without secretName.
{{- end }}
{{- if or $ingress.certManager.issuer $ingress.certManager.clusterIssuer }}
ingress.certManager: not used by the ingress class tailscale, which makes its certificates itself. Remove it.
{{- end }}
{{- if gt (len $ingress.hosts) 1 }}
ingress.hosts: the ingress class tailscale leads from one host only. Remove the others.
{{- end }}
{{- end }}
{{- if has "/api/v1/streaming" .Values.web.closedPaths }}
web.closedPaths: /api/v1/streaming is the way to streaming, which clients need. Remove it.
{{- end }}
{{- if .Values.wellKnown.enabled }}
{{- if or (not $mastodon.webDomain) (eq $mastodon.webDomain $mastodon.localDomain) }}
wellKnown.enabled: only used when mastodon.webDomain differs from mastodon.localDomain. Set both domains, or remove this line.
{{- end }}
{{- if not (or $ingress.enabled $gateway.enabled) }}
wellKnown.enabled: only used with ingress.enabled or gateway.enabled. Enable one of them, or remove this line.
{{- end }}
{{- end }}
{{- if $gateway.enabled }}
{{- include "mastodon.validate.gateway" . }}
{{- end }}
{{- with .Values.onion }}
{{- if and .enabled (not (and .image.repository (or .image.tag .image.digest))) }}
onion.image: repository and tag are required when onion.enabled is true, as Tor publishes no image. Name one that contains the program tor and a shell.
{{- end }}
{{- end }}
{{- end -}}

{{- define "mastodon.validate.gateway" -}}
{{- $gateway := .Values.gateway }}
{{- $listenerSet := $gateway.listenerSet }}
{{- if not (or $gateway.hostnames .Values.mastodon.localDomain) }}
gateway.hostnames: required when gateway.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or add a host.
{{- end }}
{{- if not (or $gateway.parentRefs $listenerSet.listeners) }}
gateway.parentRefs: required when gateway.enabled is true. Name the Gateway that the routes belong to.
{{- end }}
{{- if and $listenerSet.listeners (not $listenerSet.parentRef.name) }}
gateway.listenerSet.parentRef: required when gateway.listenerSet.listeners is set. Name the Gateway that the listeners are added to.
{{- end }}
{{- range $index, $parent := $gateway.parentRefs }}
{{- if and $gateway.redirect.parentRefs (not (or .sectionName .port)) }}
gateway.parentRefs[{{ $index }}].sectionName: required when gateway.redirect.parentRefs is set, as the route would answer on the listeners for HTTP, too. Name the listener for HTTPS.
{{- end }}
{{- if has . $gateway.redirect.parentRefs }}
gateway.redirect.parentRefs: "{{ .name }}" with the same listener is in gateway.parentRefs, too, so requests would be redirected forever. Name the listener for HTTP here, and there that for HTTPS.
{{- end }}
{{- end }}
{{- if and $gateway.redirect.parentRefs (not $gateway.parentRefs) }}
gateway.parentRefs: required when gateway.redirect.parentRefs is set, as the routes would answer on the listeners for HTTP, too. Name the listeners for HTTPS.
{{- end }}
{{- end -}}
