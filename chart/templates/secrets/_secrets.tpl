{{- /* What nobody supplied: a map from Secrets to the keys that they must have.
Takes `root` and `connections`, for example a component. */ -}}
{{- define "mastodon.secrets.missing" -}}
{{- if not (or .root.Values.secrets.existingSecret .root.Values.secrets.fromEnv) }}
{{ include "mastodon.names.keys" .root }}:
  - ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY
  - ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT
  - ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY
  - SECRET_KEY_BASE
  - VAPID_PRIVATE_KEY
  - VAPID_PUBLIC_KEY
{{- end }}
{{- $passwords := list }}
{{- range .connections }}{{ $passwords = concat $passwords (.generated | default list) }}{{ end }}
{{- with $passwords }}
{{ include "mastodon.names.passwords" $.root }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
