{{- /*
What the ConfigMaps and Secrets of the environment hold, and the texts whose change restarts pods. All take the top-level
scope unless they say something else.
*/ -}}

{{- /* How to reach the databases, for the ConfigMap; those of this release stand in `env` instead. */ -}}
{{- define "mastodon.env.databases" -}}
{{- $postgresql := .Values.postgresql -}}
{{- if eq $postgresql.mode "external" }}
DB_HOST: {{ $postgresql.host | quote }}
DB_PORT: {{ $postgresql.port | quote }}
DB_NAME: {{ $postgresql.database | quote }}
DB_USER: {{ $postgresql.user | quote }}
{{- end }}
{{- if and (eq .Values.redis.mode "external") .Values.redis.host }}
REDIS_HOST: {{ .Values.redis.host | quote }}
REDIS_PORT: {{ .Values.redis.port | quote }}
{{- with .Values.redis.user }}
REDIS_USER: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .Values.mastodon.trustedProxies }}
TRUSTED_PROXY_IP: {{ join "," . | quote }}
{{- end }}
{{- end -}}

{{- /* The data of the ConfigMap of Ruby. Takes the top-level scope, and keeps the text there: many pods carry its hash. */ -}}
{{- define "mastodon.env.public" -}}
{{- if not (hasKey . "publicEnv") }}{{ $_ := set . "publicEnv" (include "mastodon.env.makePublic" .) }}{{ end -}}
{{- .publicEnv -}}
{{- end -}}

{{- define "mastodon.env.makePublic" -}}
{{- $set := dict -}}
{{- range $part := list "instance" "databases" "smtp" "objectStorage" }}
  {{- $set = merge $set (include (printf "mastodon.env.%s" $part) $ | fromYaml) -}}
{{- end }}
{{- if eq .Values.postgresql.mode "external" }}
  {{- $_ := set $set "DB_SSLMODE" .Values.postgresql.sslMode -}}
{{- end }}
{{- if kindIs "bool" .Values.postgresql.preparedStatements }}
  {{- $_ := set $set "PREPARED_STATEMENTS" (toString .Values.postgresql.preparedStatements) -}}
{{- end }}
{{- if .Values.postgresql.ca.existingSecret }}
  {{- $_ := set $set "PGSSLROOTCERT" (printf "/etc/postgresql-ca/%s" .Values.postgresql.ca.key) -}}
{{- end }}
{{- /* hiredis, Mastodon's default driver, speaks no TLS. */ -}}
{{- if or .Values.redis.url.existingSecret (hasPrefix "rediss:" (.Values.redis.url.value | default "")) }}
  {{- $_ := set $set "REDIS_DRIVER" "ruby" -}}
{{- end }}
{{- range $name, $value := mergeOverwrite $set (.Values.env | default dict) }}
{{ $name | quote }}: {{ include "mastodon.env.text" $value | quote }}
{{- end }}
{{- end -}}

{{- define "mastodon.env.instance" -}}
{{- $mastodon := .Values.mastodon -}}
LOCAL_DOMAIN: {{ include "mastodon.env.localDomain" . | quote }}
{{- with $mastodon.webDomain }}
WEB_DOMAIN: {{ . | quote }}
{{- end }}
{{- with $mastodon.alternateDomains }}
ALTERNATE_DOMAINS: {{ join "," . | quote }}
{{- end }}
{{- with $mastodon.locale }}
DEFAULT_LOCALE: {{ . | quote }}
{{- end }}
{{- if $mastodon.singleUserMode }}
SINGLE_USER_MODE: "true"
{{- end }}
{{- if kindIs "bool" $mastodon.authorizedFetch }}
AUTHORIZED_FETCH: {{ $mastodon.authorizedFetch | quote }}
{{- end }}
{{- if ternary $mastodon.limitedFederationMode (empty $mastodon.localDomain) (kindIs "bool" $mastodon.limitedFederationMode) }}
LIMITED_FEDERATION_MODE: "true"
{{- end }}
{{- with $mastodon.allowedPrivateAddresses }}
ALLOWED_PRIVATE_ADDRESSES: {{ join "," . | quote }}
{{- end }}
{{- with $mastodon.logLevel }}
RAILS_LOG_LEVEL: {{ . | quote }}
{{- end }}
{{- with .Values.ingress.streaming.host }}
STREAMING_API_BASE_URL: {{ printf "wss://%s" . | quote }}
{{- end }}
{{- end -}}

{{- define "mastodon.env.smtp" -}}
{{- with .Values.smtp }}
{{- if .server }}
SMTP_SERVER: {{ .server | quote }}
SMTP_PORT: {{ .port | quote }}
SMTP_AUTH_METHOD: {{ .authMethod | default (ternary "plain" "none" (not (empty .login))) | quote }}
SMTP_ENABLE_STARTTLS: {{ .enableStarttls | quote }}
SMTP_OPENSSL_VERIFY_MODE: {{ .opensslVerifyMode | quote }}
{{- if .tls }}
SMTP_TLS: "true"
{{- end }}
{{- range $name, $key := dict "LOGIN" "login" "FROM_ADDRESS" "fromAddress" "REPLY_TO" "replyTo" "RETURN_PATH" "returnPath"
  "DOMAIN" "domain" "CA_FILE" "caFile" }}
  {{- with get $.Values.smtp $key }}
SMTP_{{ $name }}: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mastodon.env.objectStorage" -}}
{{- if eq .Values.objectStorage.type "s3" }}
{{- $s3 := .Values.objectStorage.s3 }}
S3_ENABLED: "true"
S3_BUCKET: {{ $s3.bucket | quote }}
S3_PROTOCOL: {{ $s3.protocol | quote }}
S3_PERMISSION: {{ $s3.permission | quote }}
{{- if $s3.overridePathStyle }}
S3_OVERRIDE_PATH_STYLE: "true"
{{- end }}
{{- range $name, $key := dict "REGION" "region" "ENDPOINT" "endpoint" "HOSTNAME" "hostname" "ALIAS_HOST" "aliasHost"
  "KEY_PREFIX" "keyPrefix" "STORAGE_CLASS" "storageClass" }}
  {{- with get $s3 $key }}
S3_{{ $name }}: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* The data of the Secret of Ruby, not encoded. Takes the top-level scope. */ -}}
{{- define "mastodon.env.secret" -}}
{{- $set := dict -}}
{{- with .Values.smtp.password.value }}{{ $_ := set $set "SMTP_PASSWORD" . }}{{ end -}}
{{- with .Values.objectStorage.s3.accessKeyId.value }}{{ $_ := set $set "AWS_ACCESS_KEY_ID" . }}{{ end -}}
{{- with .Values.objectStorage.s3.secretAccessKey.value }}{{ $_ := set $set "AWS_SECRET_ACCESS_KEY" . }}{{ end -}}
{{- range $name, $value := mergeOverwrite $set (.Values.secretEnv | default dict) }}
{{ $name | quote }}: {{ include "mastodon.env.text" $value | quote }}
{{- end }}
{{- end -}}

{{- /* The data of the Secret with the databases' passwords that stand in the values, not encoded. */ -}}
{{- define "mastodon.env.databasesSecret" -}}
{{- with .Values.postgresql.password.value }}
postgresql: {{ . | quote }}
{{- end }}
{{- if eq .Values.postgresql.mode "embedded" }}
{{- with .Values.postgresql.superuserPassword.value }}
superuser: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .Values.redis.password.value }}
redis: {{ . | quote }}
{{- end }}
{{- with .Values.redis.url.value }}
redis-url: {{ . | quote }}
{{- end }}
{{- end -}}

{{- /* The data of the ConfigMap of streaming. */ -}}
{{- define "mastodon.env.streaming" -}}
{{- $postgresql := .Values.postgresql -}}
{{- include "mastodon.env.databases" . }}
LOG_LEVEL: {{ .Values.streaming.logLevel | quote }}
{{- /* To Node `prefer` would mean: TLS, verified. It gets what comes nearest to libpq's meaning. */ -}}
{{- if eq $postgresql.mode "external" }}
{{- $mode := dict "require" "no-verify" "verify-ca" "require" "verify-full" "require" -}}
{{- with get $mode $postgresql.sslMode }}
DB_SSLMODE: {{ . | quote }}
{{- end }}
{{- end }}
{{- if $postgresql.ca.existingSecret }}
NODE_EXTRA_CA_CERTS: {{ printf "/etc/postgresql-ca/%s" $postgresql.ca.key | quote }}
{{- end }}
{{- end -}}

{{- /*
The passwords of the databases that stand in the values: their change must restart the pods that read them. Takes `root`
and the list `of`: postgresql, superuser, redis, redis-url.
*/ -}}
{{- define "mastodon.env.passwords" -}}
{{- $values := .root.Values -}}
{{- $passwords := dict "postgresql" $values.postgresql.password "superuser" $values.postgresql.superuserPassword
  "redis" $values.redis.password "redis-url" $values.redis.url -}}
{{- range .of }}{{ (get $passwords .).value | quote }}{{ end -}}
{{- end -}}

{{- /* Those of all that connect to the databases. Takes the top-level scope. */ -}}
{{- define "mastodon.env.clientPasswords" -}}
{{- include "mastodon.env.passwords" (dict "root" . "of" (list "postgresql" "redis" "redis-url")) -}}
{{- end -}}

{{- /* The texts whose change must restart a Ruby pod. */ -}}
{{- define "mastodon.env.checksum" -}}
{{- include "mastodon.env.public" . }}{{ include "mastodon.env.secret" . }}{{ include "mastodon.env.clientPasswords" . }}
{{- end -}}
