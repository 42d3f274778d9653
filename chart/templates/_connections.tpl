{{- /*
The connections to the databases. Only this file, the registry and the rules ask for a `mode`.

"mastodon.connections" prints, as JSON, a map from a connection to what is known about it:
  inRelease   whether the server is a component of this release
  host, port  its address
  password    the entry of `env` with the password, a dict; empty if there is none
  generated   the keys of the passwords that are generated in the cluster
  elsewhere   of a server in the release: the variables that would lead past it
  ports       the ports that a policy must open for it outside of the release
of postgresql also `database`, `user`, `sslMode`, `direct` ({host, port}, if the way past a pooler differs),
`superuser` (an entry of `env`), `certificates` (see _certificates.tpl) and `rootCertificate` (the file with the
authority that its certificate is verified with);
of redis also `user`, `url` (an entry of `env`) and `tls`.
*/ -}}
{{- define "mastodon.connections" -}}
{{- dict "postgresql" (include "mastodon.connections.postgresql" . | fromYaml)
  "redis" (include "mastodon.connections.redis" . | fromYaml) | toJson -}}
{{- end -}}

{{- define "mastodon.connections.postgresql" -}}
{{- $postgresql := .Values.postgresql -}}
{{- $inRelease := eq $postgresql.mode "embedded" -}}
{{- $authority := include "mastodon.certificates.authority" $postgresql.ca | fromJson -}}
{{- $sslMode := $postgresql.sslMode | default (ternary "prefer" "verify-full" (empty $authority)) -}}
{{- $secrets := dict "secret" (include "mastodon.names.databases" .)
  "generated" (ternary (include "mastodon.names.passwords" .) "" $inRelease) -}}
{{- $password := merge (dict "credential" $postgresql.password "key" "postgresql") $secrets -}}
{{- $superuser := merge (dict "credential" $postgresql.superuserPassword "key" "superuser") $secrets -}}
inRelease: {{ $inRelease }}
database: {{ $postgresql.database | quote }}
user: {{ $postgresql.user | quote }}
password: {{ include "mastodon.env.credential" $password }}
superuser: {{ include "mastodon.env.credential" $superuser }}
{{- if $inRelease }}
host: {{ include "mastodon.names.component" (dict "root" . "component" "postgresql" "values" $postgresql)
  | quote }}
port: {{ $postgresql.service.port }}
elsewhere: [DATABASE_URL, PRIMARY_DATABASE_URL]
generated: {{ include "mastodon.connections.generated" (list $password $superuser) }}
{{- else }}
host: {{ $postgresql.host | quote }}
port: {{ $postgresql.port }}
sslMode: {{ $sslMode | quote }}
direct: {{ $postgresql.direct | toJson }}
ports: {{ list $postgresql.port $postgresql.direct.port | compact | toJson }}
{{- end }}
certificates: {{ ternary dict (dict "postgresql-ca" $authority) (empty $authority) | toJson }}
{{- if $authority }}
rootCertificate: /etc/postgresql-ca/ca.crt
{{- /* With `require` the file would make libpq verify. */}}
{{- else if and .Values.caBundle.key (hasPrefix "verify-" $sslMode) }}
rootCertificate: /etc/ca-bundle/ca.crt
{{- end }}
{{- end -}}

{{- define "mastodon.connections.redis" -}}
{{- $redis := .Values.redis -}}
{{- $inRelease := eq $redis.mode "embedded" -}}
{{- $secrets := dict "secret" (include "mastodon.names.databases" .)
  "generated" (ternary (include "mastodon.names.passwords" .) "" $inRelease) -}}
{{- $password := merge (dict "credential" $redis.password "key" "redis") $secrets -}}
inRelease: {{ $inRelease }}
password: {{ include "mastodon.env.credential" $password }}
url: {{ include "mastodon.env.credential" (dict "credential" $redis.url "key" "redis-url"
  "secret" $secrets.secret) }}
tls: {{ or (not (empty $redis.url.existingSecret)) (hasPrefix "rediss:" ($redis.url.value | default "")) }}
{{- if $inRelease }}
host: {{ include "mastodon.names.component" (dict "root" . "component" "redis" "values" $redis) | quote }}
port: {{ $redis.service.port }}
elsewhere: [REDIS_URL, REDIS_SENTINELS, REDIS_USER]
generated: {{ include "mastodon.connections.generated" (list $password) }}
{{- else }}
host: {{ $redis.host | quote }}
port: {{ $redis.port }}
user: {{ $redis.user | quote }}
{{- /* An address in a Secret is unknown here; `networkPolicy.egress` says so. */}}
ports: {{ list (include "mastodon.networkPolicy.port" ($redis.url.value | default "") | default $redis.port | int)
  | toJson }}
{{- end }}
{{- end -}}

{{- /*
The keys of those passwords that the user does not supply, as JSON. Takes a list of the dicts above.
*/ -}}
{{- define "mastodon.connections.generated" -}}
{{- $keys := list -}}
{{- range . -}}
  {{- $credential := .credential | default dict -}}
  {{- if not (or $credential.value $credential.existingSecret) }}{{ $keys = append $keys .key }}{{ end -}}
{{- end -}}
{{- toJson $keys -}}
{{- end -}}

{{- /*
The databases' passwords in the values, by their keys in the Secret of the release, as JSON. Takes the
top-level scope.
*/ -}}
{{- define "mastodon.connections.passwords" -}}
{{- $passwords := dict -}}
{{- $superuser := ternary .Values.postgresql.superuserPassword
  dict (eq .Values.postgresql.mode "embedded") -}}
{{- range $key, $credential := dict "postgresql" .Values.postgresql.password "superuser" $superuser
  "redis" .Values.redis.password "redis-url" .Values.redis.url -}}
  {{- with $credential.value }}{{ $_ := set $passwords $key . }}{{ end -}}
{{- end -}}
{{- toJson $passwords -}}
{{- end -}}
