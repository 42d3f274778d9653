{{- /*
A variable with which every Ruby process ends at boot. Takes a dict: `root`, `place` (such as env), `name`,
`value`, and files/boot.yaml as `boot`.
*/ -}}
{{- define "mastodon.validate.boots" -}}
{{- $path := printf "%s.%s" .place .name }}
{{- $name := .name }}
{{- $text := include "mastodon.env.text" .value }}
{{- $isText := not (kindIs "map" .value) }}
{{- range .boot }}
{{- if and $isText (regexMatch (printf "^(%s)$" .names) $name) (not (regexMatch (printf "^(%s)$" .pattern) $text)) }}
{{ $path }}: must {{ .must }}, or every Ruby process ends at boot. Correct it.
{{- end }}
{{- end }}
{{- $needs := dict "LDAP_ENABLED" (list "LDAP_BASE" "LDAP_BIND_DN" "LDAP_PASSWORD") "OIDC_ENABLED" (list "OIDC_SCOPE") }}
{{- $lacking := include "mastodon.validate.lacking" (dict "root" .root "names" (get $needs $name | default list)) }}
{{- if and $lacking (eq $text "true") }}
{{ $path }}: needs {{ $lacking }}, or every Ruby process ends at boot. Set what is missing in env or secretEnv.
{{- end }}
{{- if and (eq $name "PAM_ENABLED") (eq $text "true") (regexMatch "(mastodon|tootsuite)/mastodon$" .root.Values.mastodon.image.repository) }}
{{ $path }}: ends every Ruby process at boot, as the official image does not contain PAM's gem. Remove this line, or use an image that contains it.
{{- end }}
{{- if and (eq $name "REDIS_NAMESPACE") $text (not (include "mastodon.ruby.isOlder" (dict "tag" .root.Values.mastodon.image.tag "than" "4.4.0-0"))) }}
{{ $path }}: ends every Ruby process at boot, as Mastodon 4.4 removed it. Rename the keys in Redis with Mastodon's redis_namespace_migration, then remove this line.
{{- end }}
{{- end -}}
