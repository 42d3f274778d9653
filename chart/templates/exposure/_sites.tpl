{{- /*
Ingress and Gateway lead to the same places. Takes a dict: `root`, and as `hosts` those that the user names for
web.
*/ -}}

{{- /* The hosts of web, as JSON. */ -}}
{{- define "mastodon.sites.hosts" -}}
{{- .hosts | default (list (include "mastodon.env.webDomain" .root)) | toJson -}}
{{- end -}}

{{- /* The host of streaming in `streaming.baseUrl`, unless it is one of web's. */ -}}
{{- define "mastodon.sites.streamingHost" -}}
{{- $host := get (urlParse (.root.Values.streaming.baseUrl | default "")) "hostname" -}}
{{- if not (has $host (include "mastodon.sites.hosts" . | fromJsonArray)) }}{{ $host }}{{ end -}}
{{- end -}}

{{- /*
The sites, as a JSON list. Each has
  key     where `ingress` and `gateway` have its own settings; those of web are theirs
  of      the component whose labels its objects have
  name    the name of its objects
  hosts   its hosts
  routes  a list of {paths, to}, the narrower paths first; without `to` nobody may get in
Of streaming only the path for clients is reachable, without a trailing slash as they write it: everything else
there, such as /metrics, stays internal.
*/ -}}
{{- define "mastodon.sites" -}}
{{- $values := .root.Values -}}
{{- $components := .root.components -}}
{{- $host := include "mastodon.sites.streamingHost" . -}}
{{- $streaming := dict "paths" (list "/api/v1/streaming") "to" "streaming" -}}
{{- $routes := ternary list (list $streaming) (not (empty $host)) -}}
{{- with $values.web.closedPaths }}{{ $routes = append $routes (dict "paths" .) }}{{ end -}}
{{- $routes = append $routes (dict "paths" (list "/") "to" "web") -}}
{{- $sites := list (dict "key" "web" "of" "web" "name" $components.web.name "routes" $routes
  "hosts" (include "mastodon.sites.hosts" . | fromJsonArray)) -}}
{{- with $host -}}
  {{- $sites = append $sites (dict "key" "streaming" "of" "streaming" "name" $components.streaming.name
    "hosts" (list .) "routes" (list $streaming)) -}}
{{- end -}}
{{- if $values.wellKnown.enabled -}}
  {{- /* Mastodon answers there on both domains, and allows scripts of all other sites to read it. */ -}}
  {{- $paths := list "/.well-known/host-meta" "/.well-known/nodeinfo" "/.well-known/webfinger" -}}
  {{- $sites = append $sites (dict "key" "wellKnown" "of" "web"
    "name" (printf "%s-well-known" $components.web.fullname) "hosts" (list $values.mastodon.localDomain)
    "routes" (list (dict "paths" $paths "to" "web"))) -}}
{{- end -}}
{{- toJson $sites -}}
{{- end -}}

{{- /*
The port at which a sidecar of the component speaks TLS with a Gateway, if it does: those of databases do not.
*/ -}}
{{- define "mastodon.sites.tlsPort" -}}
{{- $gateway := .root.Values.gateway -}}
{{- if and $gateway.enabled (not .isDatabase) }}{{ $gateway.backendTLSPolicy.port | default "" }}{{ end -}}
{{- end -}}

{{- /*
The filters of a rule for a Gateway, as a JSON list. Takes the block of the values that has them, and as `onion`
the address that pages name.
*/ -}}
{{- define "mastodon.sites.filters" -}}
{{- $headers := list -}}
{{- $onion := ternary (dict "Onion-Location" (printf "http://%s" .onion)) dict (not (empty .onion)) -}}
{{- range $name, $value := merge dict (.responseHeaders | default dict) $onion -}}
  {{- $headers = append $headers (dict "name" $name "value" $value) -}}
{{- end -}}
{{- $filters := .filters | default list -}}
{{- with $headers -}}
  {{- $filters = prepend $filters (dict "type" "ResponseHeaderModifier"
    "responseHeaderModifier" (dict "set" .)) -}}
{{- end -}}
{{- toJson $filters -}}
{{- end -}}

{{- /* Parents of a route, whose ports are numbers. Takes the list in the values. */ -}}
{{- define "mastodon.sites.parents" -}}
{{- $parents := list -}}
{{- range . -}}
  {{- $port := ternary (dict "port" (int .port)) dict (hasKey . "port") -}}
  {{- $parents = append $parents (merge $port .) -}}
{{- end -}}
{{- toYaml $parents -}}
{{- end -}}
