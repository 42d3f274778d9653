{{- define "mastodon.validate.exposure" -}}
{{- $nodePorts := dict }}
{{- range .components }}
{{- if .port }}
{{- $service := .values.service }}
{{- $path := printf "%s.service" .path }}
{{- with $service.nodePort }}
{{- $other := get $nodePorts (toString .) }}
{{- if eq $service.type "ClusterIP" }}
{{ $path }}.nodePort: only used when {{ $path }}.type is NodePort or LoadBalancer. Change the type or remove this line.
{{- else if $other }}
{{ $path }}.nodePort: {{ . }} is also {{ $other }}.nodePort, and a port of the nodes leads to one Service. Choose another one.
{{- end }}
{{- $_ := set $nodePorts (toString .) $path }}
{{- end }}
{{- if and (eq $service.type "ClusterIP") $service.externalTrafficPolicy (not $service.externalIPs) }}
{{ $path }}.externalTrafficPolicy: only used when {{ $path }}.type is NodePort or LoadBalancer, or with {{ $path }}.externalIPs. Change the type or remove this line.
{{- end }}
{{- if and (eq (toString $service.ipFamilyPolicy) "SingleStack") (gt (len ($service.ipFamilies | default list)) 1) }}
{{ $path }}.ipFamilies: SingleStack in {{ $path }}.ipFamilyPolicy allows only one. Remove the other one, or set PreferDualStack or RequireDualStack.
{{- end }}
{{- if ne $service.type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerIP" "loadBalancerSourceRanges" }}
{{- if get $service $key }}
{{ $path }}.{{ $key }}: only used when {{ $path }}.type is LoadBalancer. Change the type or remove this line.
{{- end }}
{{- end }}
{{- else if eq (toString $service.loadBalancerClass) "tailscale" }}
{{- range $key := list "loadBalancerIP" "loadBalancerSourceRanges" }}
{{- if get $service $key }}
{{ $path }}.{{ $key }}: ignored by the class tailscale, where the tailnet's policy decides who may connect. Remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
