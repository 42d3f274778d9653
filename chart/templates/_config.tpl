{{- /* Bodies of ConfigMaps as defines, so that pods can carry their hash. All take the top-level scope. */ -}}

{{- /* The programs of init containers and Jobs, a file each. */ -}}
{{- define "mastodon.config.scripts" -}}
{{- if not (hasKey . "scripts") }}{{ $_ := set . "scripts" (include "mastodon.config.makeScripts" .) }}{{ end -}}
{{- .scripts -}}
{{- end -}}

{{- define "mastodon.config.makeScripts" -}}
{{- range $file := list "admin.rb" "cancel.rb" "database.rb" "gate.rb" "kubernetes.rb" "migrate.rb" "migration.rb" "post-migrate.rb" }}
{{ $file }}: |
  {{- $.Files.Get (printf "files/%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* The files of the embedded PostgreSQL. */ -}}
{{- define "mastodon.config.postgresql" -}}
{{- range $file := list "pg_hba.conf" "prepare.sh" "prepare_hba.conf" "role.sql" }}
{{ $file }}: |
  {{- $.Files.Get (printf "files/postgresql/%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}
