{{- /*
The connections to the databases. Only this file, the registry and the rules ask for a `mode`.

"mastodon.connections" prints, as JSON, a map from a connection to what is known about it:
  inRelease   whether the server is a component of this release
  operator    whether an operator runs it for this release
  host, port  its address
  user        whom to log in as
  password    the entry of `env` with the password, a dict; empty if there is none
  generated   the keys of the passwords that are generated in the cluster
  elsewhere   of a server of the release: the variables that would lead past it
  ports       the ports that a policy must open for it outside of the release
  peers       the pods of an operator that a policy must let pods reach
of postgresql also `database`, `user`, `url` (an entry of `env`, instead of the address), `direct` ({host, port,
url}, the way past a pooler where it differs), `replica` ({host, port, database, user, password, url} if there is
one), `superuser` (an entry of `env`), `sslMode`, `certificates` (see _certificates.tpl), and the files
`rootCertificate` (with the authority that the server's is verified with), `clientCertificate` and `clientKey`.
Of postgresql `host`, `port`, `database` and `user` are entries of `env` where a Secret has them.
Of redis also `database`, `user`, `url` (an entry of `env` that makes the rest needless), `tls`, `sentinel`
({addresses, master, port, user, password}, instead of host and port), and the `prefix` of its variables.
redis.cache and redis.sidekiq are there if they are not redis.
Of search, which may be missing, also `mode` and `authority` (the file that its certificate is verified with).
*/ -}}
{{- define "mastodon.connections" -}}
{{- $postgresql := ternary "cloudnativepg" "postgresql" (eq .Values.postgresql.mode "cloudnativepg") -}}
{{- $redis := .Values.redis -}}
{{- $connections := dict "postgresql" (include (printf "mastodon.connections.%s" $postgresql) .
  | fromYaml) "search" (include "mastodon.connections.search" . | fromJson) -}}
{{- range $path, $server := dict "redis" (dict "prefix" "" "values" $redis)
  "redis.cache" (dict "prefix" "CACHE_" "values" $redis.cache)
  "redis.sidekiq" (dict "prefix" "SIDEKIQ_" "values" $redis.sidekiq) -}}
  {{- if ne .values.mode "shared" -}}
    {{- $scope := dict "root" $ "path" $path "prefix" .prefix "values" .values -}}
    {{- $_ := set $connections $path (include "mastodon.connections.redis" $scope | fromYaml) -}}
  {{- end -}}
{{- end -}}
{{- toJson $connections -}}
{{- end -}}

{{- define "mastodon.connections.postgresql" -}}
{{- $postgresql := .Values.postgresql -}}
{{- $secrets := dict "secret" (include "mastodon.names.databases" .) -}}
{{- if eq $postgresql.mode "embedded" -}}
{{- $_ := set $secrets "generated" (include "mastodon.names.passwords" .) -}}
{{- $password := merge (dict "credential" $postgresql.password "key" "postgresql") $secrets -}}
{{- $superuser := merge (dict "credential" $postgresql.superuserPassword "key" "superuser") $secrets -}}
inRelease: true
host: {{ include "mastodon.names.component" (dict "root" . "component" "postgresql" "values" $postgresql)
  | quote }}
port: {{ $postgresql.service.port }}
database: {{ $postgresql.database | quote }}
user: {{ $postgresql.user | quote }}
password: {{ include "mastodon.env.credential" $password }}
superuser: {{ include "mastodon.env.credential" $superuser }}
elsewhere: [DATABASE_URL, PRIMARY_DATABASE_URL]
generated: {{ include "mastodon.connections.generated" (list $password $superuser) }}
certificates: {}
{{- else -}}
{{- include "mastodon.connections.postgresqlElsewhere" (dict "root" . "secrets" $secrets) }}
{{- end }}
{{- end -}}

{{- /* Takes `root`, and as `secrets` what "mastodon.env.credential" needs to know of them. */ -}}
{{- define "mastodon.connections.postgresqlElsewhere" -}}
{{- $postgresql := .root.Values.postgresql -}}
{{- $replica := $postgresql.replica -}}
{{- $connection := dict "inRelease" false -}}
{{- if not (or $postgresql.url.value $postgresql.url.existingSecret) -}}
  {{- $_ := merge $connection (pick $postgresql "host" "port" "database" "user") -}}
{{- end -}}
{{- /* The entries of `env` that read credentials. */ -}}
{{- $entries := dict -}}
{{- range $key, $credential := dict "postgresql" $postgresql.password "postgresql-url" $postgresql.url
  "postgresql-direct-url" $postgresql.direct.url "postgresql-replica" $replica.password
  "postgresql-replica-url" $replica.url -}}
  {{- $_ := set $entries $key (include "mastodon.env.credential" (merge (dict "credential" $credential
    "key" $key) $.secrets) | fromJson) -}}
{{- end -}}
{{- $connection = merge $connection (dict "password" $entries.postgresql "url" (get $entries "postgresql-url")
  "direct" (merge (dict "url" (get $entries "postgresql-direct-url")) (pick $postgresql.direct "host" "port"))) -}}
{{- with $postgresql.existingSecret -}}
  {{- range $name, $key := $postgresql.secretKeys -}}
    {{- if $key -}}
      {{- $_ := set $connection $name (include "mastodon.env.credential" (dict "credential"
        (dict "existingSecret" $postgresql.existingSecret "key" $key)) | fromJson) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- if or $replica.host $replica.url.value $replica.url.existingSecret -}}
  {{- /* Before 4.6 only the name of the database switched the replica on. */ -}}
  {{- $_ := set $connection "replica" (dict "host" $replica.host "port" $replica.port
    "database" ($replica.database | default $connection.database) "user" $replica.user
    "password" (get $entries "postgresql-replica") "url" (get $entries "postgresql-replica-url")) -}}
{{- end -}}
{{- $ports := list (int $postgresql.port) (int $postgresql.direct.port) (int $replica.port) -}}
{{- range list $postgresql.url $postgresql.direct.url $replica.url -}}
  {{- $ports = append $ports (include "mastodon.networkPolicy.port" (.value | default "") | int) -}}
{{- end -}}
{{- $_ := set $connection "ports" (compact $ports) -}}
{{- merge $connection (include "mastodon.connections.postgresqlsTls" .root | fromJson) | toJson -}}
{{- end -}}

{{- /* TLS to a server elsewhere, as JSON. Takes the top-level scope. */ -}}
{{- define "mastodon.connections.postgresqlsTls" -}}
{{- $postgresql := .Values.postgresql -}}
{{- $authority := include "mastodon.certificates.authority" $postgresql.ca | fromJson -}}
{{- $tls := dict "sslMode" ($postgresql.sslMode | default (ternary "prefer" "verify-full" (empty $authority))) -}}
{{- $certificates := dict -}}
{{- if $authority -}}
  {{- $_ := set $certificates "postgresql-ca" $authority -}}
  {{- $_ = set $tls "rootCertificate" "/etc/postgresql-ca/ca.crt" -}}
{{- /* With `require` the file would make libpq verify. */ -}}
{{- else if and .Values.caBundle.key (hasPrefix "verify-" $tls.sslMode) -}}
  {{- $_ := set $tls "rootCertificate" "/etc/ca-bundle/ca.crt" -}}
{{- end -}}
{{- with $postgresql.clientCertificate -}}
{{- if .existingSecret -}}
  {{- $items := list (dict "key" .certKey "path" "tls.crt") (dict "key" .keyKey "path" "tls.key") -}}
  {{- /* libpq refuses a key that everybody can read; 288 is 0440. */ -}}
  {{- $_ := set $certificates "postgresql-client" (dict "secret" (dict "secretName" .existingSecret
    "items" $items "defaultMode" 288)) -}}
  {{- $_ = set $tls "clientCertificate" "/etc/postgresql-client/tls.crt" -}}
  {{- $_ = set $tls "clientKey" "/etc/postgresql-client/tls.key" -}}
{{- end -}}
{{- end -}}
{{- set $tls "certificates" $certificates | toJson -}}
{{- end -}}

{{- /*
Takes a dict: `root`, the `path` of the server in the values, which begins with redis, its `values`, and the
`prefix` of its variables. An address in a Secret is unknown here; `networkPolicy.egress` says so.
*/ -}}
{{- define "mastodon.connections.redis" -}}
{{- $root := .root -}}
{{- $redis := .values -}}
{{- $component := replace "." "-" .path -}}
{{- $inRelease := eq $redis.mode "embedded" -}}
{{- $secret := include "mastodon.names.databases" $root -}}
{{- $password := dict "credential" $redis.password "key" $component "secret" $secret
  "generated" (ternary (include "mastodon.names.passwords" $root) "" $inRelease) -}}
{{- $url := dict "credential" $redis.url "key" (printf "%s-url" $component) "secret" $secret -}}
inRelease: {{ $inRelease }}
prefix: {{ .prefix | quote }}
password: {{ include "mastodon.env.credential" $password }}
{{- if $inRelease }}
host: {{ include "mastodon.names.component" (dict "root" $root "component" $component "values" $redis) | quote }}
port: {{ $redis.service.port }}
database: {{ ternary 0 nil (not (empty .prefix)) | toJson }}
elsewhere: [{{ .prefix }}REDIS_URL, {{ .prefix }}REDIS_SENTINELS, {{ .prefix }}REDIS_USER]
generated: {{ include "mastodon.connections.generated" (list $password) }}
{{- else if or $redis.url.existingSecret $redis.url.value }}
url: {{ include "mastodon.env.credential" $url }}
tls: {{ not (hasPrefix "redis:" ($redis.url.value | default "")) }}
ports: {{ list (include "mastodon.networkPolicy.port" ($redis.url.value | default "") | default $redis.port | int)
  | toJson }}
{{- else if $redis.tls }}
url: {{ include "mastodon.connections.tlsUrl" . | quote }}
tls: true
ports: [{{ $redis.port }}]
{{- else if or $redis.host $redis.sentinel.addresses }}
user: {{ $redis.user | quote }}
{{- /* What another server than redis lacks, Mastodon does not take from redis. */}}
database: {{ ternary ($redis.database | default 0) $redis.database (not (empty .prefix)) | toJson }}
{{- if $redis.sentinel.addresses }}
{{- include "mastodon.connections.sentinel" (dict "sentinel" $redis.sentinel "port" $redis.port
  "key" (printf "%s-sentinel" $component) "secret" $secret) }}
{{- else }}
host: {{ $redis.host | quote }}
port: {{ $redis.port }}
ports: [{{ $redis.port }}]
{{- end }}
{{- else }}
ports: [{{ $redis.port }}]
{{- end }}
{{- end -}}

{{- /*
The address of a server with TLS, which Mastodon takes in one piece only. Kubernetes puts the password in.
*/ -}}
{{- define "mastodon.connections.tlsUrl" -}}
{{- $redis := .values -}}
{{- $user := $redis.user | default "" | urlquery | replace "+" "%20" -}}
{{- if or $redis.password.value $redis.password.existingSecret -}}
  {{- $user = printf "%s:$(%sREDIS_PASSWORD)" $user .prefix -}}
{{- end -}}
rediss://{{ with $user }}{{ . }}@{{ end }}
{{- ternary (printf "[%s]" $redis.host) $redis.host (contains ":" $redis.host) -}}
:{{ $redis.port }}/{{ $redis.database | default 0 }}
{{- end -}}

{{- /*
Takes a dict: the `sentinel` of a server, the `port` of the servers behind the Sentinels, and the place of a
password of the Sentinels as in "mastodon.env.credential".
*/ -}}
{{- define "mastodon.connections.sentinel" -}}
{{- $sentinel := .sentinel -}}
{{- $ports := list .port -}}
{{- range $sentinel.addresses -}}
  {{- $ports = append $ports (splitList ":" . | rest | first | default $sentinel.port | int) -}}
{{- end }}
sentinel:
  addresses: {{ join "," $sentinel.addresses | quote }}
  master: {{ $sentinel.master | quote }}
  port: {{ $sentinel.port }}
  user: {{ $sentinel.user | quote }}
  password: {{ include "mastodon.env.credential" (set . "credential" $sentinel.password) }}
ports: {{ uniq $ports | toJson }}
{{- end -}}

{{- define "mastodon.connections.search" -}}
{{- $search := .Values.search -}}
{{- $connection := dict "mode" $search.mode "inRelease" (eq $search.mode "embedded") -}}
{{- if $connection.inRelease -}}
  {{- $_ := set $connection "host" (include "mastodon.names.component" (dict "root" . "component" "search"
    "values" $search)) -}}
  {{- $_ = set $connection "port" $search.service.port -}}
  {{- $_ = set $connection "elsewhere" (list "ES_USER" "ES_PASS" "ES_CA_FILE") -}}
{{- else if eq $search.mode "external" -}}
  {{- $_ := set $connection "ports" (list $search.port) -}}
  {{- with include "mastodon.certificates.authority" $search.ca | fromJson -}}
    {{- $_ = set $connection "certificates" (dict "search-ca" .) -}}
    {{- $_ = set $connection "authority" "/etc/search-ca/ca.crt" -}}
  {{- else -}}
    {{- /* Its client does not read SSL_CERT_FILE. */ -}}
    {{- if .Values.caBundle.key }}{{ $_ = set $connection "authority" "/etc/ca-bundle/ca.crt" }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- toJson $connection -}}
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
The passwords in the values that are kept in the Secret of the databases, by their keys there, as JSON: those
credentials that have a key. That of the import has a Secret of its own. Takes a dict: `root`, and the
`credentials` of files/variables.json.
*/ -}}
{{- define "mastodon.connections.passwords" -}}
{{- $values := .root.Values -}}
{{- $passwords := dict -}}
{{- range $row := .credentials -}}
  {{- $isUsed := or (ne .key "superuser") (eq $values.postgresql.mode "embedded") -}}
  {{- if and .key $isUsed (ne (first .path) "import") -}}
    {{- $credential := $values -}}
    {{- range .path }}{{ $credential = get $credential . }}{{ end -}}
    {{- with $credential.value }}{{ $_ := set $passwords $row.key . }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- toJson $passwords -}}
{{- end -}}
