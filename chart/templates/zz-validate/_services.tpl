{{- /* Services of others that Mastodon uses: half configured, or against each other. */ -}}
{{- define "mastodon.validate.services" -}}
{{- with .Values.translation }}
{{- $hasDeepl := or .deepl.apiKey.value .deepl.apiKey.existingSecret }}
{{- $libre := .libreTranslate }}
{{- if and $hasDeepl $libre.endpoint }}
translation: deepl and libreTranslate are mutually exclusive, as Mastodon would use only DeepL. Remove one of them.
{{- end }}
{{- if or $libre.apiKey.value $libre.apiKey.existingSecret }}
{{- include "mastodon.validate.needed" (dict "root" $ "path" "translation.libreTranslate" "block" $libre
  "when" "translation.libreTranslate.apiKey is set" "keys" (dict "endpoint" "LIBRE_TRANSLATE_ENDPOINT")) }}
{{- end }}
{{- end }}
{{- with .Values.captcha }}
{{- $scope := dict "root" $ "path" "captcha" "block" . }}
{{- if .siteKey }}
{{- include "mastodon.validate.needed" (merge (dict "when" "captcha.siteKey is set"
  "keys" (dict "secretKey" "HCAPTCHA_SECRET_KEY")) $scope) }}
{{- end }}
{{- if or .secretKey.value .secretKey.existingSecret }}
{{- include "mastodon.validate.needed" (merge (dict "when" "captcha.secretKey is set"
  "keys" (dict "siteKey" "HCAPTCHA_SITE_KEY")) $scope) }}
{{- end }}
{{- if regexMatch "^(0x[0-9A-Fa-f_]+|[0-9]+)$" (.secretKey.value | default "") }}
captcha.secretKey: must not be a number such as 0x…, as Mastodon does not send it as it is, and nobody could confirm an address. Ask hCaptcha for a new secret, which begins with ES_.
{{- end }}
{{- end }}
{{- with .Values.cacheBuster }}
{{- $scope := dict "root" $ "path" "cacheBuster" "block" . }}
{{- if and .enabled .secretHeader }}
{{- include "mastodon.validate.needed" (merge (dict "when" "cacheBuster.secretHeader is set"
  "keys" (dict "secret" "CACHE_BUSTER_SECRET")) $scope) }}
{{- end }}
{{- if and .enabled (or .secret.value .secret.existingSecret) }}
{{- include "mastodon.validate.needed" (merge (dict "when" "cacheBuster.secret is set"
  "keys" (dict "secretHeader" "CACHE_BUSTER_SECRET_HEADER")) $scope) }}
{{- end }}
{{- end }}
{{- with .Values.telemetry }}
{{- if contains "$(" (.endpoint | default "") }}
telemetry.endpoint: contains "$(", which Kubernetes expands only in the env of containers. Set OTEL_EXPORTER_OTLP_ENDPOINT in pod.env instead.
{{- end }}
{{- if regexMatch "/v1/traces/?$" (.endpoint | default "") }}
telemetry.endpoint: must not end with /v1/traces, which Mastodon adds. Remove that from it.
{{- end }}
{{- if and .endpoint (not (kindIs "invalid" .samplerArg)) (not (hasSuffix "traceidratio" (.sampler | default ""))) }}
telemetry.samplerArg: has no effect unless telemetry.sampler is traceidratio or parentbased_traceidratio. Set the sampler, or remove this line.
{{- end }}
{{- end }}
{{- end -}}
