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
{{- if and .Values.web.closedPaths (not (or $ingress.enabled $gateway.enabled)) }}
web.closedPaths: only used with ingress.enabled or gateway.enabled. Enable one of them, or remove this line.
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
{{- /* Routes in `extraObjects` may belong to them, too. */}}
{{- if and $listenerSet.listeners $gateway.parentRefs (not .Values.extraObjects) }}
{{- $own := printf "ListenerSet %s %s" .Release.Namespace .components.web.fullname }}
{{- $parents := list }}
{{- range concat $gateway.parentRefs $gateway.streaming.parentRefs $gateway.wellKnown.parentRefs $gateway.redirect.parentRefs }}
{{- $parents = append $parents (printf "%s %s %s" .kind (.namespace | default $.Release.Namespace) .name) }}
{{- end }}
{{- if not (has $own $parents) }}
gateway.listenerSet.listeners: no route belongs to them, as those in gateway.parentRefs are others. Add {kind: ListenerSet, name: {{ .components.web.fullname }}} there, or remove them.
{{- end }}
{{- end }}
{{- range include "mastodon.sites" (dict "root" . "hosts" $gateway.hostnames) | fromJsonArray }}
{{- $path := ternary "gateway" (printf "gateway.%s" .key) (eq .key "web") }}
{{- range $index, $parent := (ternary $gateway (get $gateway .key) (eq .key "web")).parentRefs }}
{{- include "mastodon.validate.loop" (dict "root" $ "path" $path "index" $index "parent" $parent) }}
{{- end }}
{{- end }}
{{- $tls := $gateway.backendTLSPolicy }}
{{- if and $tls.validation (not $tls.port) }}
gateway.backendTLSPolicy.port: required when gateway.backendTLSPolicy.validation is set, as Mastodon does not speak TLS. Set the port of sidecars that do, or remove validation.
{{- end }}
{{- if and $tls.port (not $tls.validation) }}
gateway.backendTLSPolicy.validation: required when gateway.backendTLSPolicy.port is set, as the Gateway would not speak TLS. Set the hostname and the authority of the sidecars' certificate.
{{- end }}
{{- with $tls.validation }}
{{- if eq (empty .caCertificateRefs) (empty .wellKnownCACertificates) }}
gateway.backendTLSPolicy.validation: a BackendTLSPolicy has either caCertificateRefs or wellKnownCACertificates. Name the authority of the sidecars' certificate in one of them.
{{- end }}
{{- end }}
{{- /* IPv6 and large ranges of IPv4 are not looked at closely: they may contain the address. */}}
{{- $proxies := .Values.mastodon.trustedProxies }}
{{- if and $tls.port $proxies (not (regexMatch "(^| )(127[.]|[0:]*:|[0-9.]+/[0-7]( |$))" (join " " $proxies)))
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "TRUSTED_PROXY_IP"))) }}
mastodon.trustedProxies: requests through the sidecars of gateway.backendTLSPolicy come from 127.0.0.1, and Mastodon would answer them with the error 500. Add this address.
{{- end }}
{{- if has (toString $tls.port) (list "3000" "4000" (toString .Values.web.service.port) (toString .Values.streaming.service.port)) }}
gateway.backendTLSPolicy.port: {{ $tls.port }} is a port of Mastodon itself, which does not speak TLS. Set that of the sidecars.
{{- end }}
{{- if and $gateway.redirect.parentRefs (not $gateway.parentRefs) }}
gateway.parentRefs: required when gateway.redirect.parentRefs is set, as the routes would answer on the listeners for HTTP, too. Name the listeners for HTTPS.
{{- end }}
{{- end -}}

{{- /*
Listeners that a route answers on while their requests are redirected to HTTPS: the Gateway may take either way, and
would redirect forever. Takes a dict: `root`, and of a `parent` in the list `parentRefs` its `index`, and as `path`
where the list is.
*/ -}}
{{- define "mastodon.validate.loop" -}}
{{- $parent := .parent }}
{{- $usual := dict "namespace" .root.Release.Namespace "kind" "Gateway" }}
{{- range $index, $http := .root.Values.gateway.redirect.parentRefs }}
{{- $there := pick (merge (dict) . $usual) "name" "namespace" "kind" }}
{{- if eq (toJson $there) (toJson (pick (merge (dict) $parent $usual) "name" "namespace" "kind")) }}
{{- $names := list .sectionName $parent.sectionName | compact }}
{{- $both := ternary $names (list .port $parent.port | compact | toStrings) (eq (len $names) 2) }}
{{- if not (or $parent.sectionName $parent.port) }}
{{ $.path }}.parentRefs[{{ $.index }}].sectionName: required when gateway.redirect.parentRefs is set, as the route would answer on the listeners for HTTP, too. Name the listener for HTTPS.
{{- else if not (or .sectionName .port) }}
gateway.redirect.parentRefs[{{ $index }}].sectionName: required, as "{{ .name }}" is in {{ $.path }}.parentRefs, too, so requests by HTTPS would be redirected forever. Name the listener for HTTP.
{{- else if and (eq (len $both) 2) (eq (uniq $both | len) 1) }}
gateway.redirect.parentRefs: "{{ .name }}" with the same listener is in {{ $.path }}.parentRefs, too, so requests would be redirected forever. Name the listener for HTTP here, and there that for HTTPS.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
