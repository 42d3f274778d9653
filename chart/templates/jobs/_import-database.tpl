{{- /*
The Job that brings the old instance's database. All take its resolved context (see _jobs.tpl); `name` in it is the
name of its ConfigMap and its Secret.
*/ -}}

{{- /* The programs, a file each. Takes the top-level scope. */ -}}
{{- define "mastodon.importDatabase.files" -}}
{{- range $file := list ".awk" ".sh" "-begin.sql" "-end.sql" "-servers.sh" }}
import-database{{ $file }}: |
  {{- $.Files.Get (printf "files/import-database%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* `env`: OLD_* is where the database comes from, DB_* where it goes to: past a pooler, as for the migration. */ -}}
{{- define "mastodon.importDatabase.env" -}}
{{- $import := .root.Values.import.database -}}
{{- $postgresql := .root.Values.postgresql -}}
{{- $all := dict -}}
{{- include "mastodon.env.addDatabases" (dict "root" .root "entries" $all) -}}
{{- $entries := omit $all "REDIS_HOST" "REDIS_PORT" "REDIS_PASSWORD" "REDIS_URL" -}}
{{- $extra := dict "SOURCE" $import.source -}}
{{- if eq $postgresql.mode "external" -}}
{{- $extra = merge $extra (dict "DB_HOST" ($postgresql.direct.host | default $postgresql.host) "DB_NAME" $postgresql.database
  "DB_PORT" ($postgresql.direct.port | default $postgresql.port) "DB_USER" $postgresql.user "DB_SSLMODE" $postgresql.sslMode) -}}
{{- with $postgresql.ca.existingSecret -}}
{{- $_ := set $extra "PGSSLROOTCERT" (printf "/etc/postgresql-ca/%s" $postgresql.ca.key) -}}
{{- end -}}
{{- end -}}
{{- if eq $import.source "file" -}}
{{- $_ := set $extra "FILE_PATH" $import.file.path -}}
{{- else -}}
{{- $old := $import.server -}}
{{- $extra = merge $extra (dict "OLD_HOST" $old.host "OLD_PORT" $old.port "OLD_DATABASE" $old.database "OLD_USER" $old.user
  "OLD_SSLMODE" $old.sslMode) -}}
{{- with include "mastodon.env.credential" (dict "credential" $old.password "name" .name "key" "password") -}}
{{- $_ := set $entries "OLD_PASSWORD" . -}}
{{- end -}}
{{- end -}}
{{- include "mastodon.env.list" (dict "entries" $entries "extra" $extra "users" .values.env) -}}
{{- end -}}

{{- /* The pod template. */ -}}
{{- define "mastodon.importDatabase.pod" -}}
{{- $file := eq .root.Values.import.database.source "file" -}}
metadata: {{- include "mastodon.labels.podMetadata" . | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "mastodon.pod.spec" . | nindent 2 }}
  {{- with include "mastodon.jobs.usersInitContainers" . }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - name: main
      {{- include "mastodon.container.base" . | nindent 6 }}
      {{- $args := list "bash" "/scripts/import-database.sh" }}
      {{- include "mastodon.container.command" (merge (dict "args" $args) .) | nindent 6 }}
      {{- with .values.envFrom }}
      envFrom: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- include "mastodon.importDatabase.env" . | nindent 6 }}
      {{- include "mastodon.container.lifecycle" . | indent 6 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: scripts, mountPath: /scripts, readOnly: true}
        {{- if $file }}
        - {name: import, mountPath: /import, readOnly: true}
        {{- end }}
        {{- include "mastodon.ruby.authorityMount" . | nindent 8 }}
        {{- include "mastodon.pod.list" .values.volumeMounts | nindent 8 }}
  volumes:
    - {name: tmp, emptyDir: {}}
    - name: scripts
      configMap: {name: {{ .name }}}
    {{- if $file }}
    - name: import
      {{- include "mastodon.storage.source" (dict "root" .root "set" "import") | nindent 6 }}
    {{- end }}
    {{- include "mastodon.ruby.authorityVolume" . | nindent 4 }}
    {{- include "mastodon.pod.list" .values.volumes | nindent 4 }}
{{- end -}}
