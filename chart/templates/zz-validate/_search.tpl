{{- define "mastodon.validate.search" -}}
{{- $search := .Values.search }}
{{- $credential := or $search.password.value $search.password.existingSecret }}
{{- if eq $search.mode "external" }}
{{- if not (or $search.host (include "mastodon.validate.hasVariable" (dict "root" . "name" "ES_HOST"))) }}
search.host: required when search.mode is external. Set the server's host, after https:// if it has TLS.
{{- end }}
{{- if and $search.user (not $credential)
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "ES_PASS"))) }}
search.password: required when search.user is set. Set the password, or remove the user.
{{- end }}
{{- if and $credential (not $search.user)
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "ES_USER"))) }}
search.user: required when search.password is set. Set the user, or remove the password.
{{- end }}
{{- if and $search.ca.key (not (hasPrefix "https://" ($search.host | default "https://"))) }}
search.host: must begin with https:// when search.ca is set, or nothing is encrypted. Correct it, or remove the ca.
{{- end }}
{{- else }}
{{- range pick .components "search" }}
{{- /* Java's units are powers of 1024. What replaces the program or its options replaces the heap. */}}
{{- if not (or .values.command (hasKey (.values.env | default dict) "OPENSEARCH_JAVA_OPTS")) }}
{{- with include "mastodon.validate.tooLarge" (dict "of" . "size" (print (upper .values.heap) "i")) }}
search.heap: must be below {{ . }}, or the server is killed when its heap fills. Set a third of the limit, or raise the limit.
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq $search.mode "embedded") (ne $search.preset "single_node_cluster") }}
search.preset: the embedded server is a single node, which can hold no replicas of an index. Remove this line, or set search.mode to external.
{{- end }}
{{- range $key, $value := dict "host" $search.host "user" $search.user "password" $credential
  "ca" $search.ca.key }}
{{- if $value }}
search.{{ $key }}: only used when search.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
