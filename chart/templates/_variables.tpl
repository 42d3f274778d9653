{{- /* Variables of the ConfigMaps that follow from the values. Only the registry needs them. */ -}}

{{- /* The variables that depend on more than one value. Takes the top-level scope. */ -}}
{{- define "mastodon.env.computed" -}}
{{- $mastodon := .Values.mastodon -}}
LOCAL_DOMAIN: {{ include "mastodon.env.localDomain" . | quote }}
FFMPEG_BINARY: /scripts/ffmpeg.sh
{{- /* Without a home that it may write to, Bundler 4 complains in front of what a command says. */}}
BUNDLE_USER_HOME: /tmp/ruby/bundle
{{- if ternary $mastodon.limitedFederationMode (empty $mastodon.localDomain)
  (kindIs "bool" $mastodon.limitedFederationMode) }}
LIMITED_FEDERATION_MODE: "true"
{{- end }}
{{- with .Values.onion.hostname }}
ALTERNATE_DOMAINS: {{ append $mastodon.alternateDomains . | join "," | quote }}
{{- end }}
{{- include "mastodon.env.mailServer" (dict "root" . "server" .Values.smtp "prefix" "") }}
{{- include "mastodon.env.mailServer" (dict "root" . "server" .Values.smtp.bulk "prefix" "BULK_") }}
{{- include "mastodon.env.signIn" . }}
{{- with .Values.telemetry }}
{{- range ternary .disabledInstrumentations list (not (empty .endpoint)) }}
OTEL_RUBY_INSTRUMENTATION_{{ upper . }}_ENABLED: "false"
{{- end }}
{{- end }}
{{- if ne .Values.objectStorage.type "none" }}
{{ upper .Values.objectStorage.type }}_ENABLED: "true"
{{- end }}
{{- if eq .Values.objectStorage.type "s3" }}
{{- /*
Mastodon falls back to Amazon's host even with an endpoint, and allows browsers to load media only from a host
that is set.
*/}}
{{- with .Values.objectStorage.s3 }}
{{- $region := .region | default "us-east-1" }}
{{- $amazons := printf "s3.%s.amazonaws.com%s" $region (ternary ".cn" "" (hasPrefix "cn-" $region)) }}
S3_HOSTNAME: {{ .hostname | default (get (urlParse (.endpoint | default "")) "host") | default $amazons | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
How Mastodon logs in to a mail server and encrypts. Takes a dict: `root`, the block as `server`, and what the
names of its variables begin with as `prefix`.
*/ -}}
{{- define "mastodon.env.mailServer" -}}
{{- $prefix := .prefix -}}
{{- $users := .root.Values.env | default dict -}}
{{- with .server }}
{{- if .server }}
{{- $hasLogin := or (not (empty .login)) (hasKey $users (printf "%sSMTP_LOGIN" $prefix)) }}
{{ $prefix }}SMTP_AUTH_METHOD: {{ .authMethod | default (ternary "plain" "none" $hasLogin) | quote }}
{{- /* With `auto` the password would be sent unencrypted to a server that offers no TLS. */}}
{{- $starttls := ternary "never" (ternary "always" "auto" $hasLogin) (eq (toString .tls) "true") }}
{{ $prefix }}SMTP_ENABLE_STARTTLS: {{ .enableStarttls | default $starttls | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* What providers must know of this instance, and the port that a directory usually has. */ -}}
{{- define "mastodon.env.signIn" -}}
{{- $base := printf "https://%s/auth/auth" (include "mastodon.env.webDomain" .) -}}
{{- with .Values.auth.oidc }}
{{- if .enabled }}
OIDC_REDIRECT_URI: {{ .redirectUri | default (printf "%s/openid_connect/callback" $base) | quote }}
{{- end }}
{{- end }}
{{- with .Values.auth.saml }}
{{- if .enabled }}
SAML_ACS_URL: {{ .acsUrl | default (printf "%s/saml/callback" $base) | quote }}
SAML_ISSUER: {{ .issuer | default (printf "%s/saml/metadata" $base) | quote }}
{{- end }}
{{- end }}
{{- with .Values.auth.ldap }}
{{- if .enabled }}
LDAP_PORT: {{ .port | default (ternary 636 389 (eq .method "simple_tls")) | int | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
"true" if a facility is on. Takes a dict: `values`, and as `row` what has as `when` the path of the switch, and
as `is` the value, or the values, that switch it on, if it has several.
*/ -}}
{{- define "mastodon.env.isOn" -}}
{{- $switch := .values -}}
{{- range .row.when }}{{ $switch = get $switch . }}{{ end -}}
{{- $isOn := not (empty $switch) -}}
{{- with .row.is }}{{ $isOn = has $switch (ternary . (list .) (kindIs "slice" .)) }}{{ end -}}
{{- ternary "true" "" $isOn -}}
{{- end -}}

{{- /*
The variables that take their text from one value each, as JSON: a map from their readers (ruby, node) to maps
from names to text. Values that are null, "" or an empty list are left out. Takes a dict: `values`, and
`facilities` as in files/variables.json.
*/ -}}
{{- define "mastodon.env.texts" -}}
{{- $texts := dict "ruby" dict "node" dict -}}
{{- range .facilities -}}
{{- if or (not .when) (include "mastodon.env.isOn" (dict "values" $.values "row" .)) -}}
{{- range .variables -}}
  {{- $name := .name -}}
  {{- $value := $.values -}}
  {{- /* `get` would make an empty text of a key that is not there. */ -}}
  {{- range .path }}{{ $value = index $value . }}{{ end -}}
  {{- $isAbsent := and (empty $value) (has (kindOf $value) (list "invalid" "string" "slice"))
    (not (and .emptyIsMeaningful (kindIs "string" $value))) -}}
  {{- if not (or $isAbsent (and .omitFalse (eq (toString $value) "false"))) -}}
    {{- $text := ternary (join (.join | default ",") $value) (include "mastodon.env.text" $value)
      (kindIs "slice" $value) -}}
    {{- range ternary (list "ruby" "node") (list (.readers | default "ruby"))
      (eq (.readers | default "ruby") "both") -}}
      {{- $_ := set (get $texts .) $name $text -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $texts -}}
{{- end -}}
