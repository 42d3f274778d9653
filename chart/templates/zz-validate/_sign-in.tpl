{{- /* Sign-in through other servers that would end every Ruby process, or let nobody in. */ -}}
{{- define "mastodon.validate.signIn" -}}
{{- $auth := .Values.auth }}
{{- if or $auth.only $auth.oneClick }}{{ include "mastodon.validate.onlyProviders" . }}{{ end }}
{{- if $auth.oidc.enabled }}{{ include "mastodon.validate.oidc" . }}{{ end }}
{{- if $auth.saml.enabled }}{{ include "mastodon.validate.saml" . }}{{ end }}
{{- with $auth.cas }}
{{- if and .enabled .url .host }}
auth.cas.host: has no effect beside auth.cas.url. Remove one of them.
{{- else if and .enabled (not .host) (not (include "mastodon.validate.hasVariable" (dict "root" $ "name" "CAS_HOST"))) }}
{{- include "mastodon.validate.needed" (dict "root" $ "path" "auth.cas" "block" .
  "when" "auth.cas.enabled is true, unless auth.cas.host is set" "keys" (dict "url" "CAS_URL")) }}
{{- end }}
{{- end }}
{{- if $auth.ldap.enabled }}
{{- include "mastodon.validate.needed" (dict "root" . "path" "auth.ldap" "block" $auth.ldap
  "when" "auth.ldap.enabled is true"
  "keys" (dict "host" "LDAP_HOST" "base" "LDAP_BASE" "bindDn" "LDAP_BIND_DN" "password" "LDAP_PASSWORD")) }}
{{- $isTls := eq $auth.ldap.method "simple_tls" }}
{{- $port := toString $auth.ldap.port }}
{{- if and (has $port (list "389" "636" "3268" "3269")) (ne $isTls (has $port (list "636" "3269")))
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "LDAP_METHOD"))) }}
auth.ldap.method: must {{ ternary "not be" "be" $isTls }} simple_tls at port {{ $port }}, where TLS begins {{ ternary "later, if at all" "with the first byte" $isTls }}. Correct it, or auth.ldap.port.
{{- end }}
{{- end }}
{{- end -}}

{{- /* Sign-in without the form for passwords. Variables of the user's may name providers, too. */ -}}
{{- define "mastodon.validate.onlyProviders" -}}
{{- $auth := .Values.auth }}
{{- $providers := 0 }}
{{- $isKnown := true }}
{{- range $name := list "oidc" "saml" "cas" }}
{{- if (get $auth $name).enabled }}{{ $providers = add1 $providers }}{{ end }}
{{- if include "mastodon.validate.hasVariable" (dict "root" $ "name" (printf "%s_ENABLED" (upper $name))) }}{{ $isKnown = false }}{{ end }}
{{- end }}
{{- if and $isKnown $auth.only (lt $providers 1) }}
auth.only: leaves no way to sign in, as none of auth.oidc, auth.saml and auth.cas is enabled, and auth.ldap needs the form for passwords. Enable one of them, or remove this line.
{{- else if and $isKnown $auth.oneClick (ne $providers 1) }}
auth.oneClick: has no effect unless exactly one of auth.oidc, auth.saml and auth.cas is enabled. Enable only one, or remove this line.
{{- else if and $auth.only $auth.ldap.enabled }}
auth.ldap.enabled: has no effect when auth.only is true, as LDAP needs the form for passwords. Remove one of them.
{{- end }}
{{- if and $auth.oneClick (not $auth.only) (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "OMNIAUTH_ONLY"))) }}
auth.oneClick: has no effect unless auth.only is true. Set auth.only, or remove this line.
{{- end }}
{{- end -}}

{{- define "mastodon.validate.oidc" -}}
{{- $oidc := .Values.auth.oidc }}
{{- $endpoints := dict "authEndpoint" "OIDC_AUTH_ENDPOINT" "tokenEndpoint" "OIDC_TOKEN_ENDPOINT"
  "userInfoEndpoint" "OIDC_USER_INFO_ENDPOINT" "jwksUri" "OIDC_JWKS_URI" }}
{{- include "mastodon.validate.needed" (dict "root" . "path" "auth.oidc" "block" $oidc
  "when" "auth.oidc.enabled is true" "keys" (dict "issuer" "OIDC_ISSUER" "clientId" "OIDC_CLIENT_ID"
  "clientSecret" "OIDC_CLIENT_SECRET" "scope" "OIDC_SCOPE")) }}
{{- if contains "/.well-known/" ($oidc.issuer | default "") }}
auth.oidc.issuer: must be the issuer itself, not the address of its configuration. Remove /.well-known/openid-configuration.
{{- end }}
{{- if and $oidc.scope (not (has "openid" $oidc.scope)) }}
auth.oidc.scope: must contain openid, or the provider does not say who signs in. Add it.
{{- end }}
{{- if $oidc.discovery }}
{{- range $key, $name := $endpoints }}
{{- if get $oidc $key }}
auth.oidc.{{ $key }}: has no effect, as auth.oidc.discovery asks the provider for it. Set auth.oidc.discovery to false, or remove this line.
{{- end }}
{{- end }}
{{- if hasPrefix "http://" ($oidc.issuer | default "") }}
auth.oidc.issuer: must begin with https:// when auth.oidc.discovery is true, as the provider is asked by https. Correct it, or set the endpoints and auth.oidc.discovery to false.
{{- end }}
{{- else }}
{{- include "mastodon.validate.needed" (dict "root" . "path" "auth.oidc" "block" $oidc
  "when" "auth.oidc.discovery is false" "keys" $endpoints) }}
{{- range $key := append (keys $endpoints | sortAlpha) "endSessionEndpoint" }}
{{- if hasPrefix "/" (get $oidc $key | default "") }}
{{- include "mastodon.validate.needed" (dict "root" $ "path" "auth.oidc" "block" $oidc
  "when" (printf "auth.oidc.%s is a path" $key) "keys" (dict "host" "OIDC_HOST")) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mastodon.validate.saml" -}}
{{- $saml := .Values.auth.saml }}
{{- $scope := dict "root" . "path" "auth.saml" "block" $saml }}
{{- include "mastodon.validate.needed" (merge (dict "when" "auth.saml.enabled is true"
  "keys" (dict "idpSsoTargetUrl" "SAML_IDP_SSO_TARGET_URL")) $scope) }}
{{- if not $saml.idpCertFingerprint }}
{{- include "mastodon.validate.needed" (merge (dict "keys" (dict "idpCert" "SAML_IDP_CERT")
  "when" "auth.saml.enabled is true, unless auth.saml.idpCertFingerprint is set") $scope) }}
{{- end }}
{{- if $saml.wantAssertionEncrypted }}
{{- include "mastodon.validate.needed" (merge (dict "when" "auth.saml.wantAssertionEncrypted is true"
  "keys" (dict "cert" "SAML_CERT" "privateKey" "SAML_PRIVATE_KEY")) $scope) }}
{{- else if $saml.cert }}
{{- include "mastodon.validate.needed" (merge (dict "when" "auth.saml.cert is set"
  "keys" (dict "privateKey" "SAML_PRIVATE_KEY")) $scope) }}
{{- end }}
{{- end -}}
