{{- /*
The environment. Ruby processes all get the same: one ConfigMap, one Secret, the keys, then what the user
names in `envFrom`, which therefore wins. What leads to the release's own databases and to Secrets of the user
is in `env`. Streaming gets its own short environment, without Rails' secrets. files/variables.json says which
value becomes which variable.

"mastodon.env.environments" prints a map from "ruby", "node" and "none" to a dict, as JSON; only the registry
calls it:
  public, secret  what the release's ConfigMap and Secret contain: maps from names to text
  passwords       the passwords in the values that have a key of their own in the Secret of the databases
  sources         the chart's part of `envFrom`
  entries         the chart's part of `env`: a map from names to a scalar or {valueFrom}
  certificates    what its pods mount, see _certificates.tpl
and from "processes" to the facilities whose variables belong to one process, by component.
*/ -}}
{{- define "mastodon.env.environments" -}}
{{- $connections := .connections -}}
{{- $data := .root.Files.Get "files/variables.json" | fromJson -}}
{{- $mapped := include "mastodon.env.texts" (dict "values" .root.Values "facilities" $data.facilities)
  | fromJson -}}
{{- $scope := dict "root" .root "connections" $connections "mapped" $mapped "credentials" $data.credentials -}}
{{- $passwords := include "mastodon.connections.passwords" $scope | fromJson -}}
{{- $nodes := include "mastodon.certificates.bundle" .root | fromJson -}}
{{- range omit $connections "search" }}{{ $nodes = merge $nodes (.certificates | default dict) }}{{ end -}}
{{- $rubys := merge dict $nodes ($connections.search.certificates | default dict) -}}
{{- $ruby := merge (include "mastodon.env.ruby" $scope | fromJson)
  (dict "certificates" $rubys "passwords" $passwords) -}}
{{- $node := merge (include "mastodon.env.node" $scope | fromJson)
  (dict "certificates" $nodes "passwords" $passwords) -}}
{{- dict "ruby" $ruby "node" $node "none" dict "processes" $data.processes | toJson -}}
{{- end -}}

{{- define "mastodon.env.ruby" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $databases := include "mastodon.env.databases" . | fromJson -}}
{{- $replica := include "mastodon.env.replica" .connections.postgresql | fromJson -}}
{{- $public := mergeOverwrite .mapped.ruby (include "mastodon.env.computed" $root | fromYaml)
  $databases.public $replica.public (include "mastodon.env.rubysDatabases" . | fromYaml) -}}
{{- $entries := merge (dict "TMPDIR" "/tmp/ruby") (include "mastodon.env.embedded" . | fromYaml)
  $databases.entries $replica.entries -}}
{{- range pick .connections "redis.cache" "redis.sidekiq" -}}
  {{- $redis := include "mastodon.env.redis" . | fromJson -}}
  {{- $public = merge $public $redis.public -}}
  {{- $entries = merge $entries $redis.entries -}}
{{- end -}}
{{- $credentials := include "mastodon.env.credentials" . | fromJson -}}
{{- $secret := $credentials.secret -}}
{{- $entries = merge $entries $credentials.entries -}}
{{- range $name, $value := $values.env -}}
  {{- if not (kindIs "map" $value) -}}
    {{- $_ := set $public $name (include "mastodon.env.text" $value) -}}
  {{- else if not (hasKey $entries $name) -}}
    {{- $_ := set $entries $name $value -}}
  {{- end -}}
{{- end -}}
{{- range $name, $value := $values.secretEnv -}}
  {{- $_ := set $secret $name (include "mastodon.env.text" $value) -}}
{{- end -}}
{{- $env := dict "name" (include "mastodon.names.env" $root) -}}
{{- $sources := list (dict "configMapRef" $env) -}}
{{- if $secret }}{{ $sources = append $sources (dict "secretRef" $env) }}{{ end -}}
{{- if not $values.secrets.fromEnv -}}
  {{- $sources = append $sources (dict "secretRef" (dict "name" (include "mastodon.names.keys" $root))) -}}
{{- end -}}
{{- dict "public" $public "secret" $secret "entries" $entries "sources" (concat $sources $values.envFrom)
  | toJson -}}
{{- end -}}

{{- /*
The credentials that only Ruby reads, and the keys under names of the user's, as JSON: {secret, entries}.
Takes a dict: `root`, and the `credentials` of files/variables.json.
*/ -}}
{{- define "mastodon.env.credentials" -}}
{{- $values := .root.Values -}}
{{- $secret := dict -}}
{{- $entries := dict -}}
{{- range .credentials -}}
  {{- $credential := $values -}}
  {{- range .path }}{{ $credential = get $credential . }}{{ end -}}
  {{- if not (and .env (not .key)) -}}
  {{- else if or $credential.existingSecret $credential.existingConfigMap -}}
    {{- $_ := set $entries .env (include "mastodon.env.credential" (dict "credential" $credential)
      | fromJson) -}}
  {{- else if $credential.value -}}
    {{- $_ := set $secret .env $credential.value -}}
  {{- end -}}
{{- end -}}
{{- range $name, $key := $values.secrets.keys -}}
  {{- $credential := dict "existingSecret" $values.secrets.existingSecret "key" $key -}}
  {{- $_ := set $entries $name (include "mastodon.env.credential" (dict "credential" $credential)
    | fromJson) -}}
{{- end -}}
{{- dict "secret" $secret "entries" $entries | toJson -}}
{{- end -}}

{{- /* How Ruby and Node reach the databases, as JSON: {public, entries}. */ -}}
{{- define "mastodon.env.databases" -}}
{{- $postgresql := .connections.postgresql -}}
{{- $public := dict -}}
{{- $entries := dict -}}
{{- $addresses := ternary $entries $public $postgresql.inRelease -}}
{{- range $name, $value := dict "DB_HOST" $postgresql.host "DB_PORT" $postgresql.port
  "DB_NAME" $postgresql.database "DB_USER" $postgresql.user -}}
  {{- if and $value (kindIs "map" $value) }}{{ $_ := set $entries $name $value }}
  {{- else if $value }}{{ $_ := set $addresses $name (toString $value) }}{{ end -}}
{{- end -}}
{{- range $name, $entry := dict "DB_PASS" $postgresql.password "DATABASE_URL" $postgresql.url -}}
  {{- with $entry }}{{ $_ := set $entries $name . }}{{ end -}}
{{- end -}}
{{- $redis := include "mastodon.env.redis" .connections.redis | fromJson -}}
{{- dict "public" (merge $public $redis.public) "entries" (merge $entries $redis.entries) | toJson -}}
{{- end -}}

{{- /* How Ruby reaches a replica, as JSON: {public, entries}. Takes the connection to PostgreSQL. */ -}}
{{- define "mastodon.env.replica" -}}
{{- $public := dict -}}
{{- $entries := dict -}}
{{- with .replica -}}
  {{- range $name, $value := dict "REPLICA_DB_HOST" .host "REPLICA_DB_PORT" .port "REPLICA_DB_NAME" .database
    "REPLICA_DB_USER" .user "REPLICA_DB_PASS" .password "REPLICA_DATABASE_URL" .url -}}
    {{- if and $value (kindIs "map" $value) }}{{ $_ := set $entries $name $value }}
    {{- else if $value }}{{ $_ := set $public $name (toString $value) }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- dict "public" $public "entries" $entries | toJson -}}
{{- end -}}

{{- /* How to reach a server of Redis, as JSON: {public, entries}. Takes the connection. */ -}}
{{- define "mastodon.env.redis" -}}
{{- $prefix := printf "%sREDIS_" .prefix -}}
{{- $sentinel := .sentinel | default dict -}}
{{- $public := dict -}}
{{- $entries := dict -}}
{{- $addresses := ternary $entries $public .inRelease -}}
{{- range $name, $value := dict "HOST" .host "PORT" .port "DB" .database "USER" .user
  "SENTINELS" $sentinel.addresses "SENTINEL_MASTER" $sentinel.master
  "SENTINEL_PORT" $sentinel.port "SENTINEL_USERNAME" $sentinel.user -}}
  {{- /* The database may be 0. */ -}}
  {{- if or $value (kindIs "float64" $value) -}}
    {{- $_ := set $addresses (print $prefix $name) (include "mastodon.env.text" $value) -}}
  {{- end -}}
{{- end -}}
{{- range $name, $entry := dict "PASSWORD" .password "URL" .url "SENTINEL_PASSWORD" $sentinel.password -}}
  {{- with $entry }}{{ $_ := set $entries (print $prefix $name) . }}{{ end -}}
{{- end -}}
{{- dict "public" $public "entries" $entries | toJson -}}
{{- end -}}

{{- /* What only Ruby needs to know about the databases and the search server, for the ConfigMap. */ -}}
{{- define "mastodon.env.rubysDatabases" -}}
{{- with .connections.postgresql.sslMode }}
DB_SSLMODE: {{ . | quote }}
{{- end }}
{{- with .connections.postgresql.rootCertificate }}
PGSSLROOTCERT: {{ . }}
{{- end }}
{{- with .connections.postgresql.clientCertificate }}
PGSSLCERT: {{ . }}
PGSSLKEY: {{ $.connections.postgresql.clientKey }}
{{- end }}
{{- if .root.Values.caBundle.key }}
SSL_CERT_FILE: /etc/ca-bundle/ca.crt
{{- end }}
{{- /* hiredis, Mastodon's default driver, trusts no authority of ours. */}}
{{- $tls := false }}
{{- range .connections }}{{ $tls = or $tls .tls }}{{ end }}
{{- if $tls }}
REDIS_DRIVER: ruby
{{- end }}
{{- if ne .connections.search.mode "disabled" }}
ES_ENABLED: "true"
{{- with .connections.search.authority }}
ES_CA_FILE: {{ . }}
{{- end }}
{{- end }}
{{- $outgoing := .root.Values.mastodon.outgoing }}
{{- $search := ternary (list .connections.search.host) list .connections.search.inRelease }}
{{- if or $search $outgoing.proxy.value $outgoing.proxy.existingSecret }}
{{- /* A proxy that leads out does not lead back in. It may also come from `envFrom`, which nobody can see here. */}}
no_proxy: {{ concat $outgoing.noProxy $search (list ".svc" ".cluster.local") | join "," | quote }}
{{- end }}
{{- end -}}

{{- /*
The same for `env`: EMBEDDED lists what the user's `envFrom` must not set, as it would lead past the
release's servers. What the chart sets itself in `env` wins over `envFrom` and need not be listed.
*/ -}}
{{- define "mastodon.env.embedded" -}}
{{- $names := list -}}
{{- if .connections.postgresql.inRelease }}
DB_SSLMODE: prefer
{{- end }}
{{- with .connections.search }}
{{- if .inRelease }}
ES_HOST: {{ .host }}
ES_PORT: {{ .port | quote }}
{{- end }}
{{- end }}
{{- range .connections }}{{ $names = concat $names (.elsewhere | default list) }}{{ end }}
{{- with $names }}
EMBEDDED: {{ join " " . }}
{{- end }}
{{- end -}}
