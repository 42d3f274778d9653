{{- define "mastodon.validate.redis" -}}
{{- $servers := dict "redis" .Values.redis "redis.cache" .Values.redis.cache "redis.sidekiq" .Values.redis.sidekiq }}
{{- range $path, $server := $servers }}
{{- include "mastodon.validate.redisServer" (dict "root" $ "path" $path "values" $server) }}
{{- end }}
{{- range pick .components "redis" "redis-cache" "redis-sidekiq" }}
{{- if not .values.command }}
{{- /* Valkey's kb, mb and gb are powers of 1024, its k, m and g powers of 1000. */}}
{{- $size := lower .values.maxMemory | replace "kb" "Ki" | replace "mb" "Mi" | replace "gb" "Gi"
  | replace "m" "M" | replace "g" "G" | trimSuffix "b" }}
{{- $component := . }}
{{- with include "mastodon.validate.tooLarge" (dict "of" . "size" $size) }}
{{ include "mastodon.validate.key" (list $component "maxMemory") }}: must be below {{ . }}, or the server is killed before it has that much. Set half of the limit, or raise the limit.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes a dict: `root`, a server of Redis as `values`, and its `path` there. */ -}}
{{- define "mastodon.validate.redisServer" -}}
{{- $path := .path }}
{{- $redis := .values }}
{{- $sentinel := $redis.sentinel }}
{{- $password := or $redis.password.value $redis.password.existingSecret }}
{{- $url := or $redis.url.value $redis.url.existingSecret }}
{{- $ofSentinel := or $sentinel.addresses $sentinel.master $sentinel.user $sentinel.password.value
  $sentinel.password.existingSecret }}
{{- $hasDatabase := not (kindIs "invalid" $redis.database) }}
{{- $address := dict "database" $hasDatabase "host" $redis.host "sentinel" $ofSentinel "tls" $redis.tls "user" $redis.user }}
{{- if ne $redis.mode "external" }}
{{- range $key, $value := set $address "url" $url }}
{{- if $value }}
{{ $path }}.{{ $key }}: only used when {{ $path }}.mode is external. Set the mode to external or remove this line.
{{- end }}
{{- end }}
{{- if and (eq $redis.mode "shared") $password }}
{{ $path }}.password: not used when {{ $path }}.mode is shared. Set the mode to embedded or external, or remove this line.
{{- end }}
{{- else if $url }}
{{- range $key, $value := set $address "password" $password }}
{{- if $value }}
{{ $path }}.{{ $key }}: not used beside {{ $path }}.url, which is the whole address. Remove one of them.
{{- end }}
{{- end }}
{{- else if $sentinel.addresses }}
{{- if not $sentinel.master }}
{{ $path }}.sentinel.master: required beside {{ $path }}.sentinel.addresses, which are ignored without it. Set the name of the master.
{{- end }}
{{- if $redis.host }}
{{ $path }}.host: not used beside {{ $path }}.sentinel, which names the server. Remove one of them.
{{- end }}
{{- if $redis.tls }}
{{ $path }}.tls: not possible beside {{ $path }}.sentinel, as Mastodon reaches Sentinels and their servers without TLS only. Remove one of them.
{{- end }}
{{- if and $password (ne ($sentinel.user | default "") "default")
  (not (or $sentinel.password.value $sentinel.password.existingSecret)) }}
{{ $path }}.sentinel.password: required beside {{ $path }}.password, which Ruby would send to the Sentinels. Set the Sentinels' own, or {{ $path }}.sentinel.user to default if they have none.
{{- end }}
{{- else if $ofSentinel }}
{{ $path }}.sentinel.addresses: required when anything else of {{ $path }}.sentinel is set. List the Sentinels, or remove the block.
{{- else if not $redis.host }}
{{- $found := "" }}
{{- if and (eq $path "redis") (not $redis.tls) }}
{{- $found = include "mastodon.validate.hasVariable" (dict "root" .root "name" "REDIS_HOST") }}
{{- end }}
{{- if not $found }}
{{ $path }}.host: required when {{ $path }}.mode is external, unless {{ $path }}.url or {{ $path }}.sentinel is set. Set the server's host.
{{- end }}
{{- end }}
{{- if and $redis.url.value (not (regexMatch "^rediss?://" $redis.url.value)) }}
{{ $path }}.url: must begin with redis:// or rediss://, or it is taken for the name of a host. Correct its value.
{{- end }}
{{- with $redis.password.value }}
{{- if and $redis.tls (not (regexMatch "^[A-Za-z0-9._~-]*$" .)) }}
{{ $path }}.password.value: becomes part of an address with {{ $path }}.tls, where only letters, digits and "-._~" stand for themselves. Choose another password, or set {{ $path }}.url.
{{- else if regexMatch "%[0-9A-Fa-f]{2}" . }}
{{ $path }}.password.value: Ruby decodes "%" and two hexadecimal digits in it, Node does not. Choose a password without "%".
{{- end }}
{{- end }}
{{- end -}}
