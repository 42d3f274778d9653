{{- /* What nobody supplied: a map from Secrets to the keys that they must have.
Takes `root` and `connections`, for example a component. */ -}}
{{- define "mastodon.secrets.missing" -}}
{{- if not (or .root.Values.secrets.existingSecret .root.Values.secrets.fromEnv) }}
{{ include "mastodon.names.keys" .root }}: {{- include "mastodon.secrets.keys" .root | nindent 2 }}
{{- end }}
{{- $passwords := list }}
{{- range .connections }}{{ $passwords = concat $passwords (.generated | default list) }}{{ end }}
{{- with $passwords }}
{{ include "mastodon.names.passwords" $.root }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- $onion := .root.Values.onion }}
{{- if and $onion.enabled (not $onion.existingSecret) }}
{{ include "mastodon.names.onion" .root }}: [hostname, hs_ed25519_public_key, hs_ed25519_secret_key]
{{- end }}
{{- end -}}

{{- /* The keys of an instance, as YAML. Mastodon 4.3 ends at boot without OTP_SECRET; newer ones ignore it. */ -}}
{{- define "mastodon.secrets.keys" -}}
- ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY
- ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT
- ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY
{{- if include "mastodon.ruby.isOlder" (dict "tag" .Values.mastodon.image.tag "than" "4.4.0-0") }}
- OTP_SECRET
{{- end }}
- SECRET_KEY_BASE
- VAPID_PRIVATE_KEY
- VAPID_PUBLIC_KEY
{{- end -}}
