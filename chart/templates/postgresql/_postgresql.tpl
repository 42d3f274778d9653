{{- /* The files of the embedded PostgreSQL. Takes the top-level scope. */ -}}
{{- define "mastodon.postgresql.files" -}}
{{- range $file := list "pg_hba.conf" "prepare.sh" "prepare_hba.conf" "role.sql" }}
{{ $file }}: |
  {{- $.Files.Get (printf "files/postgresql/%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}
