{{- define "mastodon.validate.import" -}}
{{- $database := .Values.import.database }}
{{- if $database.enabled }}
{{- if and (eq $database.source "server") (not $database.server.host) }}
import.database.server.host: required when import.database.source is server. Set the old server's host.
{{- end }}
{{- if and (eq $database.source "server") (hasPrefix "verify-" $database.server.sslMode) (not .Values.caBundle.key) }}
import.database.server.sslMode: {{ $database.server.sslMode }} needs the authority that signed the old server's certificate. Set caBundle, or require, which checks nothing.
{{- end }}
{{- if not (or .Values.secrets.existingSecret .Values.secrets.fromEnv) }}
import.database: the old instance's keys are missing, and its accounts cannot be read with generated ones. Put the keys of its .env.production into a Secret and set secrets.existingSecret to its name, or secrets.fromEnv to true if they are in envFrom or secretEnv; docs/importing.md says how to make those that a Mastodon older than 4.3 does not have.
{{- end }}
{{- if and (eq $database.source "file") (not $database.file.path) }}
import.database.file.path: required when import.database.source is file. Set the path of the dump inside the volume.
{{- end }}
{{- end }}
{{- end -}}
