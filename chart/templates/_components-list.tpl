{{- /*
The components of this render and what is known about each, as YAML; _components.tpl explains the keys. Takes
`root` and `connections`.
*/ -}}
{{- define "mastodon.components.list" -}}
{{- $values := .root.Values -}}
{{- $media := ternary (list "system") list (eq $values.objectStorage.type "none") | toJson -}}
web:
  path: web
  like: mastodon
  reads: ruby
  port: {name: http, number: 3000}
  mounts: {{ $media }}
  scales: true
streaming:
  path: streaming
  tag: {{ $values.mastodon.image.tag | default "" | quote }}
  reads: node
  port: {name: http, number: 4000}
  scales: true
{{- $names := list }}
{{- range $index, $worker := $values.sidekiq.workers }}
{{- /* A rule refuses a second worker with the same name; until then it must not hide the first. */}}
{{- $name := ternary (printf "%s-%d" $worker.name $index) $worker.name (has $worker.name $names) }}
{{- $names = append $names $worker.name }}
{{ printf "sidekiq-%s" $name | quote }}:
  path: {{ printf "sidekiq.workers[%d]" $index | quote }}
  worker: {{ $index }}
  like: mastodon
  reads: ruby
  mounts: {{ $media }}
  scales: true
  {{- /*
  Two processes would queue the jobs of `scheduler` twice: the old pod ends before the new one starts.
  */}}
  {{- if include "mastodon.sidekiq.serves" (dict "worker" $worker "queue" "scheduler") }}
  strategy: {type: Recreate}
  {{- end }}
{{- end }}
{{- if .connections.postgresql.inRelease }}
postgresql:
  path: postgresql
  port: {name: postgresql, number: 5432}
  mounts: [postgresql]
  isDatabase: true
{{- end }}
{{- if .connections.postgresql.operator }}
cloudnativepg: {path: postgresql, like: postgresql}
{{- end }}
{{- range $path, $set := dict "redis" "redis" "redis.cache" "" "redis.sidekiq" "redisSidekiq" }}
{{- with get $.connections $path }}
{{- if .inRelease }}
{{ replace "." "-" $path }}:
  path: {{ $path }}
  {{- if ne $path "redis" }}
  like: redis
  {{- end }}
  port: {name: redis, number: 6379}
  mounts: {{ list $set | compact | toJson }}
  isDatabase: true
{{- end }}
{{- end }}
{{- end }}
{{- if $values.onion.enabled }}
onion: {path: onion}
{{- end }}
{{- if .connections.search.inRelease }}
search:
  path: search
  port: {name: search, number: 9200}
  mounts: [search]
  isDatabase: true
  serves: ruby
{{- end }}
{{- include "mastodon.components.jobs" . | nindent 0 }}
{{- end -}}

{{- define "mastodon.components.jobs" -}}
{{- $writesSecrets := "{apiGroups: [\"\"], resources: [secrets], verbs: [create, get, patch], resourceNames: %s}" -}}
migrate:
  path: jobs.migrate
  like: mastodon
  reads: ruby
  isJob: true
  account: migrate
  # For post-migrate, too: is the application running, and is its roll-out over?
  rules:
    - {apiGroups: [""], resources: [pods], verbs: [list]}
    - {apiGroups: [apps], resources: [deployments], verbs: [get]}
{{- if not .root.Values.jobs.postMigrate.hold }}
post-migrate: {path: jobs.postMigrate, like: mastodon, reads: ruby, isJob: true, account: migrate}
{{- end }}
{{- if .root.Values.mastodon.admin.enabled }}
admin:
  path: jobs.admin
  like: mastodon
  reads: ruby
  isJob: true
  account: admin
  rules:
    - {{ list (include "mastodon.names.admin" .root) | toJson | printf $writesSecrets }}
{{- end }}
{{- with include "mastodon.secrets.missing" . | fromYaml }}
secrets:
  path: jobs.secrets
  like: mastodon
  isJob: true
  account: secrets
  rules:
    - {{ keys . | sortAlpha | toJson | printf $writesSecrets }}
  hook:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
{{- if ne .connections.search.mode "disabled" }}
search-index: {path: jobs.searchIndex, like: mastodon, reads: ruby, isJob: true}
{{- end }}
{{- with .root.Values.import.database }}
{{- if .enabled }}
import-database:
  path: jobs.importDatabase
  # pg_dump and psql are in PostgreSQL's image.
  like: postgresql
  isJob: true
  mounts: {{ ternary (list "import") list (eq .source "file") | toJson }}
{{- end }}
{{- end }}
{{- if .root.Values.jobs.test.enabled }}
test:
  path: jobs.test
  like: mastodon
  isJob: true
  hook: {helm.sh/hook: test, helm.sh/hook-delete-policy: before-hook-creation}
{{- end }}
{{- end -}}
