{{- /*
Made by `npm run build` from chart/values.yaml and schema/values: the keys that a blank key or null would remove although
templates need them.
*/ -}}
{{- define "mastodon.validate.needed" -}}
{{- $values := .Values.AsMap }}
{{- $table := $values }}
{{- include "mastodon.validate.keys" (dict "path" "" "table" $table "keys" (dict "global" "{}" "image" "its keys" "mastodon" "its keys" "envFrom" "[]" "secrets" "its keys" "smtp" "its keys" "objectStorage" "its keys" "pod" "its keys" "web" "its keys" "streaming" "its keys" "sidekiq" "its keys" "postgresql" "its keys" "redis" "its keys" "storage" "its keys" "jobs" "its keys" "import" "its keys" "ingress" "its keys" "networkPolicy" "its keys" "extraObjects" "[]")) }}
{{- $table = (dig "image" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "image." "table" $table "keys" (dict "pullPolicy" "a value" "pullSecrets" "[]")) }}
{{- end }}
{{- $table = (dig "mastodon" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "mastodon." "table" $table "keys" (dict "image" "its keys" "alternateDomains" "[]" "locale" "a value" "trustedProxies" "[]" "allowedPrivateAddresses" "[]" "logLevel" "a value" "admin" "its keys")) }}
{{- end }}
{{- $table = (dig "mastodon" "image" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "mastodon.image." "table" $table "keys" (dict "registry" "a value" "repository" "a value")) }}
{{- end }}
{{- $table = (dig "smtp" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "smtp." "table" $table "keys" (dict "port" "a value" "password" "{}" "enableStarttls" "a value" "opensslVerifyMode" "a value")) }}
{{- end }}
{{- $table = (dig "objectStorage" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "objectStorage." "table" $table "keys" (dict "type" "a value" "s3" "its keys")) }}
{{- end }}
{{- $table = (dig "objectStorage" "s3" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "objectStorage.s3." "table" $table "keys" (dict "protocol" "a value" "permission" "a value" "accessKeyId" "{}" "secretAccessKey" "{}")) }}
{{- end }}
{{- $table = (dig "pod" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "pod." "table" $table "keys" (dict "envFrom" "[]")) }}
{{- end }}
{{- $table = (dig "web" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "web." "table" $table "keys" (dict "image" "{}" "workers" "a value" "maxThreads" "a value" "persistentTimeout" "a value" "strategy" "its keys" "probes" "its keys" "service" "its keys" "pdb" "its keys" "autoscaling" "its keys")) }}
{{- end }}
{{- $table = (dig "web" "strategy" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "web.strategy." "table" $table "keys" (dict "type" "a value")) }}
{{- end }}
{{- $table = (dig "web" "service" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "web.service." "table" $table "keys" (dict "type" "a value" "port" "a value")) }}
{{- end }}
{{- $table = (dig "streaming" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "streaming." "table" $table "keys" (dict "image" "its keys" "logLevel" "a value" "strategy" "its keys" "probes" "its keys" "service" "its keys" "pdb" "its keys" "autoscaling" "its keys")) }}
{{- end }}
{{- $table = (dig "streaming" "image" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "streaming.image." "table" $table "keys" (dict "registry" "a value" "repository" "a value")) }}
{{- end }}
{{- $table = (dig "streaming" "strategy" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "streaming.strategy." "table" $table "keys" (dict "type" "a value")) }}
{{- end }}
{{- $table = (dig "streaming" "service" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "streaming.service." "table" $table "keys" (dict "type" "a value" "port" "a value")) }}
{{- end }}
{{- $table = (dig "sidekiq" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "sidekiq." "table" $table "keys" (dict "concurrency" "a value" "image" "{}" "strategy" "its keys" "probes" "its keys" "pdb" "its keys" "autoscaling" "its keys" "workers" "a list")) }}
{{- end }}
{{- $table = (dig "sidekiq" "strategy" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "sidekiq.strategy." "table" $table "keys" (dict "type" "a value")) }}
{{- end }}
{{- $table = (dig "postgresql" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "postgresql." "table" $table "keys" (dict "mode" "a value" "port" "a value" "database" "a value" "user" "a value" "password" "{}" "sslMode" "a value" "ca" "{}" "direct" "its keys" "image" "its keys" "dataSubdirectory" "a value" "settings" "{}" "superuserPassword" "{}" "probes" "its keys" "service" "its keys")) }}
{{- end }}
{{- $table = (dig "postgresql" "image" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "postgresql.image." "table" $table "keys" (dict "registry" "a value" "repository" "a value" "tag" "a value")) }}
{{- end }}
{{- $table = (dig "postgresql" "service" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "postgresql.service." "table" $table "keys" (dict "type" "a value" "port" "a value")) }}
{{- end }}
{{- $table = (dig "redis" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "redis." "table" $table "keys" (dict "mode" "a value" "port" "a value" "password" "{}" "url" "{}" "image" "its keys" "maxMemory" "a value" "probes" "its keys" "service" "its keys")) }}
{{- end }}
{{- $table = (dig "redis" "image" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "redis.image." "table" $table "keys" (dict "registry" "a value" "repository" "a value" "tag" "a value")) }}
{{- end }}
{{- $table = (dig "redis" "service" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "redis.service." "table" $table "keys" (dict "type" "a value" "port" "a value")) }}
{{- end }}
{{- $table = (dig "storage" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage." "table" $table "keys" (dict "system" "its keys" "postgresql" "its keys" "redis" "its keys")) }}
{{- end }}
{{- $table = (dig "storage" "system" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.system." "table" $table "keys" (dict "type" "a value" "size" "a value" "accessModes" "a list" "nfs" "its keys")) }}
{{- end }}
{{- $table = (dig "storage" "system" "nfs" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.system.nfs." "table" $table "keys" (dict "mountOptions" "a list")) }}
{{- end }}
{{- $table = (dig "storage" "postgresql" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.postgresql." "table" $table "keys" (dict "type" "a value" "size" "a value" "accessModes" "a list" "nfs" "its keys")) }}
{{- end }}
{{- $table = (dig "storage" "postgresql" "nfs" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.postgresql.nfs." "table" $table "keys" (dict "mountOptions" "a list")) }}
{{- end }}
{{- $table = (dig "storage" "redis" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.redis." "table" $table "keys" (dict "type" "a value" "size" "a value" "accessModes" "a list" "nfs" "its keys")) }}
{{- end }}
{{- $table = (dig "storage" "redis" "nfs" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "storage.redis.nfs." "table" $table "keys" (dict "mountOptions" "a list")) }}
{{- end }}
{{- $table = (dig "jobs" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "jobs." "table" $table "keys" (dict "secrets" "its keys" "migrate" "its keys" "postMigrate" "its keys" "admin" "its keys" "importDatabase" "its keys" "test" "its keys")) }}
{{- end }}
{{- $table = (dig "import" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import." "table" $table "keys" (dict "database" "its keys")) }}
{{- end }}
{{- $table = (dig "import" "database" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import.database." "table" $table "keys" (dict "source" "a value" "server" "its keys" "file" "its keys")) }}
{{- end }}
{{- $table = (dig "import" "database" "server" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import.database.server." "table" $table "keys" (dict "port" "a value" "database" "a value" "user" "a value" "password" "{}" "sslMode" "a value")) }}
{{- end }}
{{- $table = (dig "import" "database" "file" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import.database.file." "table" $table "keys" (dict "storage" "its keys")) }}
{{- end }}
{{- $table = (dig "import" "database" "file" "storage" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import.database.file.storage." "table" $table "keys" (dict "type" "a value" "size" "a value" "accessModes" "a list" "nfs" "its keys")) }}
{{- end }}
{{- $table = (dig "import" "database" "file" "storage" "nfs" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "import.database.file.storage.nfs." "table" $table "keys" (dict "mountOptions" "a list")) }}
{{- end }}
{{- $table = (dig "ingress" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "ingress." "table" $table "keys" (dict "hosts" "[]" "tls" "[]" "streaming" "its keys")) }}
{{- end }}
{{- $table = (dig "ingress" "streaming" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "ingress.streaming." "table" $table "keys" (dict "tls" "[]")) }}
{{- end }}
{{- $table = (dig "networkPolicy" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy." "table" $table "keys" (dict "web" "its keys" "streaming" "its keys" "postgresql" "its keys" "redis" "its keys" "egress" "its keys")) }}
{{- end }}
{{- $table = (dig "networkPolicy" "web" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy.web." "table" $table "keys" (dict "from" "[]")) }}
{{- end }}
{{- $table = (dig "networkPolicy" "streaming" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy.streaming." "table" $table "keys" (dict "from" "[]")) }}
{{- end }}
{{- $table = (dig "networkPolicy" "postgresql" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy.postgresql." "table" $table "keys" (dict "extraFrom" "[]")) }}
{{- end }}
{{- $table = (dig "networkPolicy" "redis" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy.redis." "table" $table "keys" (dict "extraFrom" "[]")) }}
{{- end }}
{{- $table = (dig "networkPolicy" "egress" nil $values) }}{{ if kindIs "map" $table }}
{{- include "mastodon.validate.keys" (dict "path" "networkPolicy.egress." "table" $table "keys" (dict "extra" "[]")) }}
{{- end }}
{{- end -}}

{{- /* One line per missing key. Takes a dict: `path` of the table with a dot behind it, `table`, `keys` and what to write. */ -}}
{{- define "mastodon.validate.keys" -}}
{{- range $key, $remedy := .keys }}
{{- if not (hasKey $.table $key) }}
{{ $.path }}{{ $key }}: is empty, and the chart needs it. Write {{ $remedy }} or remove the line.
{{- end }}
{{- end }}
{{- end -}}
