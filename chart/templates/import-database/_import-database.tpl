{{- /* The Job that imports the old instance's database. */ -}}

{{- /* The programs, a file each. Takes the top-level scope. */ -}}
{{- define "mastodon.importDatabase.files" -}}
{{- range $file := list ".awk" ".sh" "-begin.sql" "-end.sql" "-servers.sh" }}
import-database{{ $file }}: |
  {{- $.Files.Get (printf "files/import-database%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* The password of the old server, if it is in the values. Takes the top-level scope. */ -}}
{{- define "mastodon.importDatabase.password" -}}
{{- with .Values.import.database -}}
  {{- if eq .source "server" }}{{ .server.password.value | default "" }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /*
OLD_* is where the database comes from, DB_* where it goes to: past a pooler, as for the migration. Takes
the component; JSON.
*/ -}}
{{- define "mastodon.importDatabase.variables" -}}
{{- $import := .root.Values.import.database -}}
{{- $new := .connections.postgresql -}}
{{- $direct := $new.direct | default dict -}}
{{- $variables := dict "SOURCE" $import.source -}}
{{- range $name, $value := dict "DB_HOST" ($direct.host | default $new.host)
  "DB_PORT" ($direct.port | default $new.port) "DB_NAME" $new.database "DB_USER" $new.user
  "DB_PASS" $new.password "DB_URL" ($direct.url | default $new.url) "DB_SSLMODE" $new.sslMode
  "DB_SSLROOTCERT" $new.rootCertificate "DB_SSLCERT" $new.clientCertificate "DB_SSLKEY" $new.clientKey -}}
  {{- with $value }}{{ $_ := set $variables $name . }}{{ end -}}
{{- end -}}
{{- if eq $import.source "file" -}}
  {{- $_ := set $variables "FILE_PATH" $import.file.path -}}
{{- else -}}
  {{- $old := $import.server -}}
  {{- $variables = merge $variables (dict "OLD_HOST" $old.host "OLD_PORT" $old.port
    "OLD_DATABASE" $old.database "OLD_USER" $old.user "OLD_SSLMODE" $old.sslMode) -}}
  {{- if and .root.Values.caBundle.key (hasPrefix "verify-" $old.sslMode) -}}
    {{- $_ := set $variables "OLD_SSLROOTCERT" "/etc/ca-bundle/ca.crt" -}}
  {{- end -}}
  {{- $password := dict "credential" $old.password "secret" .name "key" "password" -}}
  {{- with include "mastodon.env.credential" $password | fromJson -}}
    {{- $_ := set $variables "OLD_PASSWORD" . -}}
  {{- end -}}
{{- end -}}
{{- toJson $variables -}}
{{- end -}}

{{- /* The pod template. Takes the component. */ -}}
{{- define "mastodon.importDatabase.pod" -}}
{{- $certificates := merge (include "mastodon.certificates.bundle" .root | fromJson)
  .connections.postgresql.certificates -}}
{{- $checksums := dict "scripts" (include "mastodon.importDatabase.files" .root)
  "password" (include "mastodon.importDatabase.password" .root) -}}
metadata: {{- include "mastodon.labels.podMetadata" (dict "of" . "checksums" $checksums) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "mastodon.pod.spec" . | nindent 2 }}
  {{- with .values.initContainers }}
  initContainers: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: main
      {{- $args := list "bash" "/scripts/import-database.sh" }}
      {{- $env := include "mastodon.importDatabase.variables" . | fromJson }}
      {{- include "mastodon.pod.main" (dict "of" . "args" $args "env" $env) | nindent 6 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: scripts, mountPath: /scripts, readOnly: true}
        {{- if .volumes.import }}
        - {name: import, mountPath: /import, readOnly: true}
        {{- end }}
        {{- with $certificates }}
        {{- include "mastodon.certificates.mounts" . | nindent 8 }}
        {{- end }}
        {{- with .values.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      {{- include "mastodon.pod.tmp" . | nindent 6 }}
    - name: scripts
      configMap: {name: {{ .name }}}
    {{- with .volumes.import }}
    - name: import
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $certificates }}
    {{- include "mastodon.certificates.volumes" . | nindent 4 }}
    {{- end }}
    {{- with .values.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
