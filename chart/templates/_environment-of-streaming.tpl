{{- /* The environment of streaming. Only the registry needs it, through _environments.tpl. */ -}}

{{- define "mastodon.env.node" -}}
{{- $databases := include "mastodon.env.databases" . | fromJson -}}
{{- $users := include "mastodon.env.ofStreaming" . | fromJson -}}
{{- $public := mergeOverwrite .mapped.node $databases.public -}}
{{- if .root.Values.caBundle.key }}{{ $_ := set $public "NODE_EXTRA_CA_CERTS" "/etc/ca-bundle/ca.crt" }}{{ end -}}
{{- $public = mergeOverwrite $public $users.public -}}
{{- $name := dict "name" (include "mastodon.names.streamingEnv" .root) -}}
{{- $sources := list (dict "configMapRef" $name) -}}
{{- if $users.secret }}{{ $sources = append $sources (dict "secretRef" $name) }}{{ end -}}
{{- /* No merge: it would put two references into one entry. */ -}}
{{- $entries := $databases.entries -}}
{{- range $variable, $entry := $users.entries -}}
  {{- if not (hasKey $entries $variable) }}{{ $_ := set $entries $variable $entry }}{{ end -}}
{{- end -}}
{{- $tls := include "mastodon.env.nodesTls" (dict "root" .root "postgresql" .connections.postgresql
  "public" $public "entries" $entries) | fromJson -}}
{{- dict "public" (merge $public $tls.public) "secret" $users.secret "sources" $sources
  "entries" (merge $entries $tls.entries) | toJson -}}
{{- end -}}

{{- /*
TLS to PostgreSQL, as JSON: {public, entries}. To Node, `prefer` would mean verified TLS, so it gets what is
closest to libpq's meaning. It takes files from the query of an address only, and what that leaves out from
libpq's variables. Takes `root`, the connection as `postgresql`, and Node's other variables as `public` and
`entries`.
*/ -}}
{{- define "mastodon.env.nodesTls" -}}
{{- $public := dict -}}
{{- $entries := dict -}}
{{- $hasAuthority := hasKey .postgresql.certificates "postgresql-ca" -}}
{{- $mode := get (dict "require" (ternary "verify-full" "no-verify" $hasAuthority) "verify-ca" "verify-full"
  "verify-full" "verify-full") (.postgresql.sslMode | default "") -}}
{{- with $mode }}{{ $_ := set $public "DB_SSLMODE" . }}{{ end -}}
{{- if and $mode .postgresql.certificates (not .postgresql.url) -}}
  {{- $mode = (.root.Values.streaming.env | default dict).DB_SSLMODE | default $mode -}}
  {{- $url := printf "postgresql:///?sslmode=%s" $mode -}}
  {{- if $hasAuthority }}{{ $url = printf "%s&sslrootcert=%s" $url .postgresql.rootCertificate }}{{ end -}}
  {{- with .postgresql.clientCertificate -}}
    {{- $url = printf "%s&sslcert=%s&sslkey=%s" $url . $.postgresql.clientKey -}}
  {{- end -}}
  {{- $_ := set $public "DATABASE_URL" $url -}}
  {{- range $ours, $libpqs := dict "DB_HOST" "PGHOST" "DB_PORT" "PGPORT" "DB_NAME" "PGDATABASE" "DB_USER" "PGUSER" -}}
    {{- range $text := pick $.public $ours }}{{ $_ := set $public $libpqs $text }}{{ end -}}
    {{- range $entry := pick $.entries $ours }}{{ $_ := set $entries $libpqs $entry }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- dict "public" $public "entries" $entries | toJson -}}
{{- end -}}

{{- /*
What streaming reads of the user's `env`, `secretEnv` and `envFrom`, as JSON: {public, secret, entries}. It
must find the databases as Ruby does, and must not get secrets of Rails, so it takes single variables: from
the only source in `envFrom` if there, while of several nobody knows which one has the variable. Not among
them are the addresses of servers in the release, and what means something else in each process (PORT, BIND,
DB_POOL, DB_SSLMODE). Takes `root` and `connections`.
*/ -}}
{{- define "mastodon.env.ofStreaming" -}}
{{- $values := .root.Values -}}
{{- $names := list "LOG_LEVEL" "NODE_EXTRA_CA_CERTS" "NODE_OPTIONS" "REDIS_DB" "REDIS_NAMESPACE"
  "SSL_CERT_FILE" "TRUSTED_PROXY_IP" -}}
{{- if not .connections.postgresql.inRelease -}}
  {{- $names = concat $names (list "DATABASE_URL" "DB_HOST" "DB_NAME" "DB_PASS" "DB_PORT" "DB_USER") -}}
{{- end -}}
{{- if not .connections.redis.inRelease -}}
  {{- $names = concat $names (list "REDIS_HOST" "REDIS_PASSWORD" "REDIS_PORT" "REDIS_SENTINELS"
    "REDIS_SENTINEL_MASTER" "REDIS_SENTINEL_PASSWORD" "REDIS_SENTINEL_PORT" "REDIS_SENTINEL_USERNAME"
    "REDIS_URL" "REDIS_USER") -}}
{{- end -}}
{{- $public := dict -}}
{{- $secret := dict -}}
{{- $entries := dict -}}
{{- $only := ternary (first $values.envFrom) dict (eq (len $values.envFrom) 1) -}}
{{- $prefix := $only.prefix | default "" -}}
{{- range $name := $names -}}
  {{- if and (hasPrefix $prefix $name) (ne $prefix $name) -}}
    {{- range $kind, $source := dict "configMapKeyRef" $only.configMapRef "secretKeyRef" $only.secretRef -}}
      {{- with $source -}}
        {{- $reference := dict "name" .name "key" (trimPrefix $prefix $name) "optional" true -}}
        {{- $_ := set $entries $name (dict "valueFrom" (dict $kind $reference)) -}}
      {{- end -}}
    {{- end -}}
  {{- end -}}
  {{- range $text := pick ($values.secretEnv | default dict) $name -}}
    {{- $_ := set $secret $name (include "mastodon.env.text" $text) -}}
  {{- end -}}
  {{- range $value := pick ($values.env | default dict) $name -}}
    {{- if kindIs "map" $value -}}
      {{- $_ := set $entries $name $value -}}
    {{- else -}}
      {{- $_ := set $public $name (include "mastodon.env.text" $value) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "public" $public "secret" $secret "entries" $entries | toJson -}}
{{- end -}}
