{{- define "mastodon.validate.cloudnativepg" -}}
{{- $postgresql := .Values.postgresql }}
{{- $cnpg := $postgresql.cloudnativepg }}
{{- if ne $postgresql.mode "cloudnativepg" }}
{{- range $key, $value := dict "imageName" $cnpg.imageName "readReplicas" $cnpg.readReplicas
  "pooler.enabled" $cnpg.pooler.enabled
  "backup.enabled" $cnpg.backup.enabled "spec" $cnpg.spec }}
{{- if $value }}
postgresql.cloudnativepg.{{ $key }}: only used when postgresql.mode is cloudnativepg. Set the mode to cloudnativepg or remove this line.
{{- end }}
{{- end }}
{{- else }}
{{- $cluster := include "mastodon.names.cloudnativepg" . }}
{{- if gt (len $cluster) 50 }}
postgresql.name: "{{ $cluster }}" has {{ len $cluster }} characters, and CloudNativePG accepts 50. Shorten it.
{{- end }}
{{- range $key := list "password" "superuserPassword" }}
{{- with get $postgresql $key }}
{{- if or .value .existingSecret }}
postgresql.{{ $key }}: not used when postgresql.mode is cloudnativepg, as the operator makes the passwords. Remove this line, or give the operator a Secret with username and password in postgresql.cloudnativepg.spec.bootstrap.
{{- end }}
{{- end }}
{{- end }}
{{- range $method, $block := $cnpg.spec.bootstrap }}
{{- range $key, $ours := dict "database" "database" "owner" "user" }}
{{- with get ($block | default dict) $key }}
{{- if ne (toString .) (get $postgresql $ours) }}
postgresql.cloudnativepg.spec.bootstrap.{{ $method }}.{{ $key }}: must be the same as postgresql.{{ $ours }}, which Mastodon connects with. Set postgresql.{{ $ours }} to "{{ . }}" and remove this line.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $cnpg.readReplicas (lt (int $cnpg.instances) 2) }}
postgresql.cloudnativepg.readReplicas: needs a server that follows. Set postgresql.cloudnativepg.instances to 2 or more.
{{- end }}
{{- if ne .Values.storage.postgresql.type "dynamic" }}
storage.postgresql.type: must be dynamic when postgresql.mode is cloudnativepg, as the operator creates the claims. Remove this line.
{{- end }}
{{- include "mastodon.validate.pooler" . }}
{{- include "mastodon.validate.backup" $cnpg.backup }}
{{- end }}
{{- end -}}

{{- define "mastodon.validate.pooler" -}}
{{- $cnpg := .Values.postgresql.cloudnativepg }}
{{- if $cnpg.pooler.enabled }}
{{- if and (ne (toString .Values.postgresql.preparedStatements) "false") (not (int $cnpg.pooler.parameters.max_prepared_statements)) }}
postgresql.preparedStatements: must be false behind a pooler whose max_prepared_statements is 0. Set it to false, or postgresql.cloudnativepg.pooler.parameters.max_prepared_statements to 200.
{{- end }}
{{- $name := include "mastodon.names.pooler" . }}
{{- with ($cnpg.spec.certificates | default dict).serverAltDNSNames }}
{{- if not (has $name .) }}
postgresql.cloudnativepg.spec.certificates.serverAltDNSNames: must contain "{{ $name }}", as the Pooler has the server's certificate. Add it.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes the block of the backup. */ -}}
{{- define "mastodon.validate.backup" -}}
{{- if .enabled }}
{{- $path := "postgresql.cloudnativepg.backup" }}
{{- $ours := dict "destinationPath" .destinationPath "endpoint" .endpoint "configuration" .configuration
  "accessKeyId" (or .accessKeyId.value .accessKeyId.existingSecret)
  "secretAccessKey" (or .secretAccessKey.value .secretAccessKey.existingSecret) }}
{{- if .existingObjectStore }}
{{- range $key, $value := $ours }}
{{- if $value }}
{{ $path }}.{{ $key }}: not used with existingObjectStore, which says where the backups go to. Remove one of them.
{{- end }}
{{- end }}
{{- else if not .destinationPath }}
{{ $path }}.destinationPath: required when {{ $path }}.enabled is true. Set the address of a bucket, or existingObjectStore.
{{- end }}
{{- if not (eq (empty $ours.accessKeyId) (empty $ours.secretAccessKey)) }}
{{ $path }}: accessKeyId and secretAccessKey belong together. Set both, or none.
{{- end }}
{{- end }}
{{- end -}}
