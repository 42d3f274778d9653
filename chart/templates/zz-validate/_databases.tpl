{{- /* Where the PostgreSQL elsewhere is: named once. Takes the top-level scope. */ -}}
{{- define "mastodon.validate.postgresqlsAddress" -}}
{{- $postgresql := .Values.postgresql }}
{{- $direct := $postgresql.direct }}
{{- $url := or $postgresql.url.value $postgresql.url.existingSecret }}
{{- $directUrl := or $direct.url.value $direct.url.existingSecret }}
{{- $keys := ternary ($postgresql.secretKeys | default dict) dict (not (empty $postgresql.existingSecret)) }}
{{- $users := "" }}
{{- range list "DATABASE_URL" "DB_HOST" }}
{{- $users = or $users (include "mastodon.validate.hasVariable" (dict "root" $ "name" .)) }}
{{- end }}
{{- if not (or $postgresql.host $url $keys.host $users) }}
postgresql.host: required when postgresql.mode is external, unless postgresql.existingSecret or postgresql.url is set. Set the server's host.
{{- end }}
{{- range $key, $value := dict "host" $postgresql.host "existingSecret" $postgresql.existingSecret }}
{{- if and $url $value }}
postgresql.{{ $key }}: has no effect beside postgresql.url, which wins. Remove one of them.
{{- end }}
{{- end }}
{{- range $key, $value := dict "host" $postgresql.host
  "password" (or $postgresql.password.value $postgresql.password.existingSecret) }}
{{- if and $value (get $keys $key) }}
postgresql.{{ $key }}: has no effect, as postgresql.existingSecret has it. Remove this line, or set postgresql.secretKeys.{{ $key }} to "".
{{- end }}
{{- end }}
{{- if and $url (or $direct.host $direct.port) }}
postgresql.direct: with postgresql.url, which would win over a host, the direct server needs an address, too. Set postgresql.direct.url instead.
{{- end }}
{{- if and $directUrl (not $url) }}
postgresql.direct.url: only used with postgresql.url. Set postgresql.direct.host instead.
{{- end }}
{{- if and $postgresql.pooler (not (or $direct.host $direct.port $directUrl)) }}
postgresql.direct.{{ ternary "url" "host" (not (empty $url)) }}: required when postgresql.pooler is true, as migrations need a session and locks of their own. Set the server behind the pooler.
{{- end }}
{{- $isPooler := and (eq ($direct.host | default $postgresql.host) $postgresql.host)
  (eq ($direct.port | default $postgresql.port | toString) (toString $postgresql.port)) (not $keys.port) }}
{{- if and $postgresql.pooler $postgresql.host (or $direct.host $direct.port) $isPooler }}
postgresql.direct: is the same server as postgresql.host and postgresql.port, which is the pooler. Set host or port of the server behind it.
{{- end }}
{{- range $path, $value := dict "postgresql.url" $postgresql.url.value "postgresql.direct.url" $direct.url.value
  "postgresql.replica.url" $postgresql.replica.url.value }}
{{- if and $value (not (regexMatch "^postgres(ql)?://" $value)) }}
{{ $path }}: must begin with postgresql://. Correct its value.
{{- end }}
{{- end }}
{{- with $postgresql.url.value }}
{{- $tls := include "mastodon.connections.postgresqlsTls" $ | fromJson }}
{{- $needed := dict }}
{{- if or $postgresql.sslMode $tls.certificates }}{{ $_ := set $needed "sslmode" "verify-full" }}{{ end }}
{{- /* These make Node trust the authority, or verify nothing. */}}
{{- $else := or $.Values.caBundle.key ($.Values.streaming.env | default dict).NODE_EXTRA_CA_CERTS
  (include "mastodon.validate.hasVariable" (dict "root" $ "name" "NODE_EXTRA_CA_CERTS"))
  (contains "uselibpqcompat=true" .) }}
{{- if and (hasKey $tls.certificates "postgresql-ca") (not $else) }}
{{- $_ := set $needed "sslrootcert" $tls.rootCertificate }}
{{- end }}
{{- with $tls.clientCertificate }}{{ $_ := merge $needed (dict "sslcert" . "sslkey" $tls.clientKey) }}{{ end }}
{{- $lacking := list }}
{{- range $name, $value := $needed }}
{{- if not (regexMatch (printf "[?&]%s=" $name) $postgresql.url.value) }}
{{- $lacking = append $lacking (printf "%s=%s" $name $value) }}
{{- end }}
{{- end }}
{{- if $lacking }}
postgresql.url: streaming takes TLS from the address only. Add {{ join "&" $lacking }} to its query.
{{- end }}
{{- end }}
{{- end -}}

{{- /* The keys of the replica that are set, with blanks between them. Takes postgresql's values. */ -}}
{{- define "mastodon.validate.replicasKeys" -}}
{{- $keys := list -}}
{{- range $key, $value := .replica -}}
  {{- $given := ternary (or (kindIs "bool" $value) $value) "" (not (kindIs "map" $value)) -}}
  {{- if kindIs "map" $value }}{{ $given = or $value.value $value.existingSecret }}{{ end -}}
  {{- if $given }}{{ $keys = append $keys $key }}{{ end -}}
{{- end -}}
{{- join " " $keys -}}
{{- end -}}

{{- define "mastodon.validate.replica" -}}
{{- $postgresql := .Values.postgresql }}
{{- $url := or $postgresql.url.value $postgresql.url.existingSecret }}
{{- $keys := include "mastodon.validate.replicasKeys" $postgresql | splitList " " | compact }}
{{- $address := without $keys "url" "preparedStatements" }}
{{- if and $keys (not (or (has "host" $keys) (has "url" $keys))) }}
postgresql.replica.host: required when postgresql.replica.{{ first $keys }} is set. Set the replica's host.
{{- end }}
{{- if and (has "url" $keys) $address }}
postgresql.replica.{{ first $address }}: has no effect beside postgresql.replica.url, which wins. Remove one of them.
{{- end }}
{{- if and $url (has "host" $keys) }}
postgresql.replica.url: required instead of postgresql.replica.host with postgresql.url, whose parts the replica does not inherit. Set the replica's address.
{{- end }}
{{- end -}}

{{- define "mastodon.validate.databases" -}}
{{- $postgresql := .Values.postgresql }}
{{- if eq $postgresql.mode "external" }}
{{- include "mastodon.validate.postgresqlsAddress" . }}
{{- include "mastodon.validate.replica" . }}
{{- $wins := pick (merge dict (.Values.env | default dict) (.Values.secretEnv | default dict)) "DATABASE_URL" }}
{{- if and $wins (or $postgresql.direct.host $postgresql.direct.port .Values.import.database.enabled) }}
{{ ternary "secretEnv" "env" (hasKey (.Values.secretEnv | default dict) "DATABASE_URL") }}.DATABASE_URL: would win over postgresql.direct and postgresql.host, which migrations and the import use. Set postgresql.host, postgresql.user and postgresql.password instead.
{{- end }}
{{- if and (hasPrefix "verify-" $postgresql.sslMode) (not (or $postgresql.ca.key .Values.caBundle.key))
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "PGSSLROOTCERT"))) }}
postgresql.ca: required when postgresql.sslMode is {{ $postgresql.sslMode }}. Set the Secret or ConfigMap with the certificate authority, or caBundle, or PGSSLROOTCERT in env.
{{- end }}
{{- $unsafe := has ($postgresql.sslMode | default (ternary "" "prefer" (not (empty $postgresql.ca.key))))
  (list "disable" "allow" "prefer") }}
{{- if and $postgresql.clientCertificate.existingSecret $unsafe }}
postgresql.sslMode: must be require, verify-ca or verify-full with postgresql.clientCertificate, or the connection may have no TLS. Set verify-full and postgresql.ca.
{{- end }}
{{- if and $postgresql.ca.key $unsafe }}
postgresql.sslMode: with "{{ $postgresql.sslMode }}" postgresql.ca protects nothing, as a server with another certificate is used without TLS. Remove this line, which means verify-full, or remove the ca.
{{- end }}
{{- else }}
{{- $direct := $postgresql.direct }}
{{- range $key, $value := dict "host" $postgresql.host "sslMode" $postgresql.sslMode
  "ca" $postgresql.ca.key "existingSecret" $postgresql.existingSecret
  "url" (or $postgresql.url.value $postgresql.url.existingSecret)
  "clientCertificate" $postgresql.clientCertificate.existingSecret "pooler" $postgresql.pooler
  "direct" (or $direct.host $direct.port $direct.url.value $direct.url.existingSecret) "replica" (include "mastodon.validate.replicasKeys" $postgresql) }}
{{- if $value }}
postgresql.{{ $key }}: only used when postgresql.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- end }}
{{- $fixed := dict "port" "5432" "listen_addresses" "*" "data_directory" "" "unix_socket_directories" ""
  "hba_file" "" "config_file" "" }}
{{- range $name, $value := $postgresql.settings }}
{{- if and (hasKey $fixed $name) (ne (include "mastodon.env.text" $value) (get $fixed $name)) }}
postgresql.settings.{{ $name }}: the chart decides this, as its Service, its probes and the first container depend on it. Remove this line.
{{- end }}
{{- end }}
{{- if eq $postgresql.user "postgres" }}
postgresql.user: "postgres" is the superuser of the embedded server, and the application needs its own role. Choose another name.
{{- end }}
{{- if has $postgresql.database (list "postgres" "template0" "template1") }}
postgresql.database: "{{ $postgresql.database }}" belongs to PostgreSQL itself. Choose another name.
{{- end }}
{{- end }}
{{- end -}}
