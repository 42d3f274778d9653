{{- /* The labels that all pods of the release have. Takes the top-level scope. */ -}}
{{- define "mastodon.networkPolicy.releaseLabels" -}}
app.kubernetes.io/name: {{ include "mastodon.labels.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- /*
The port of an address such as https://s3.example.com:9000. Takes a text; prints nothing if it is no address.
*/ -}}
{{- define "mastodon.networkPolicy.port" -}}
{{- $known := dict "http" 80 "https" 443 "redis" 6379 "rediss" 6379 "postgres" 5432 "postgresql" 5432 -}}
{{- with regexFind "^[a-z]+://[^/?#]+" (toString .) -}}
  {{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" .) | default (get $known (splitList ":" . | first)) -}}
{{- end -}}
{{- end -}}

{{- /*
The ports that variables lead to, as JSON: those of addresses, those that are variables themselves, and the usual
ones of hosts whose port is not set. Takes a dict: `env`.
*/ -}}
{{- define "mastodon.networkPolicy.ports" -}}
{{- $ports := list -}}
{{- $usual := dict "ES_HOST" 9200 "LDAP_HOST" 389 -}}
{{- range $name, $value := .env -}}
  {{- $found := list (include "mastodon.networkPolicy.port" $value) -}}
  {{- if not (hasKey $.env (replace "_HOST" "_PORT" $name)) }}{{ $found = append $found (get $usual $name) }}{{ end -}}
  {{- if regexMatch "^[A-Z_]*(DB|REDIS|SMTP|ES|LDAP|CAS|OIDC)_PORT$" $name -}}
    {{- $found = append $found $value -}}
  {{- end -}}
  {{- range $found -}}
    {{- if and (regexMatch "^[0-9]{1,5}$" (toString .)) (le (int .) 65535) (gt (int .) 0) -}}
      {{- $ports = append $ports (int .) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- toJson $ports -}}
{{- end -}}

{{- /*
Egress rules of a component, or of all components without their own policy. Unless the user asks for them,
everything is allowed, as these rules could break what works. Ports of outside servers are allowed to every
address, as a policy cannot contain host names.
*/ -}}
{{- define "mastodon.networkPolicy.egress" -}}
{{- $values := .root.Values -}}
{{- if not $values.networkPolicy.egress.enabled -}}
- {}
{{- else -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- if not .isDatabase }}
- to:
    - podSelector:
        matchLabels: {{- include "mastodon.networkPolicy.releaseLabels" .root | nindent 10 }}
    {{- range .connections }}
    {{- with .peers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- end }}
{{- $ports := list }}
{{- $isNode := eq (.reads | default "") "node" }}
{{- range ternary (omit .connections "redis.cache" "redis.sidekiq" "search") .connections $isNode }}
  {{- $ports = concat $ports (.ports | default list) }}
{{- end }}
{{- $ports = concat $ports (include "mastodon.networkPolicy.ports" (dict "env"
  (merge dict ((.values | default dict).env | default $values.pod.env | default dict) ($values.env | default dict)
  ($values.secretEnv | default dict))) | fromJsonArray) }}
{{- if not $isNode }}
  {{- $ports = concat $ports (list 80 443) }}
  {{- $outgoing := $values.mastodon.outgoing }}
  {{- range list $outgoing.proxy.value $outgoing.hiddenProxy.value }}
  {{- with include "mastodon.networkPolicy.port" . }}{{ $ports = append $ports (int .) }}{{ end }}
  {{- end }}
  {{- /* Without those of PostgreSQL, which its connection knows. */}}
  {{- $ports = concat $ports (include "mastodon.networkPolicy.ports" (dict "env"
    (omit .root.components.web.environment.public "DB_PORT" "REPLICA_DB_PORT")) | fromJsonArray) }}
{{- end }}
{{- if eq .component "others" }}
  {{- $ports = append $ports 6443 }}
  {{- with $values.import.database }}
  {{- if .enabled }}{{ $ports = append $ports .server.port }}{{ end }}
  {{- end }}
{{- end }}
{{- /* Numbers of one type, or `uniq` would keep 9000 from the values beside 9000 from JSON. */}}
{{- with $ports | toJson | fromJsonArray | compact | uniq }}
- ports:
    {{- range . }}
    - port: {{ . }}
    {{- end }}
{{- end }}
{{- with $values.networkPolicy.egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
