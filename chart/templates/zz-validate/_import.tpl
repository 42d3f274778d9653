{{- define "mastodon.validate.import" -}}
{{- $database := .Values.import.database }}
{{- if $database.enabled }}
{{- if and (eq $database.source "server") (not $database.server.host) }}
import.database.server.host: required when import.database.source is server. Set the old server's host.
{{- end }}
{{- if not (or .Values.secrets.existingSecret .Values.secrets.fromEnv .Values.envFrom) }}
import.database: the old instance's keys are missing, and with generated ones its accounts cannot be read. Name the Secret with them in secrets.existingSecret.
{{- end }}
{{- if and (eq $database.source "file") (not $database.file.path) }}
import.database.file.path: required when import.database.source is file. Set the path of the dump inside the volume.
{{- end }}
{{- end }}
{{- end -}}
