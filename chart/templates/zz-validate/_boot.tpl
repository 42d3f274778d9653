{{- /*
A variable with which every Ruby process ends at boot. Takes a dict: `root`, `place` (such as env), `name`, `value`,
and files/boot.yaml as `boot`.
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
{{- $blocks := dict "LDAP_ENABLED" .root.Values.auth.ldap "OIDC_ENABLED" .root.Values.auth.oidc }}
{{- if and $lacking (eq $text "true") (not (get $blocks $name).enabled) }}
{{ $path }}: needs {{ $lacking }}, or every Ruby process ends at boot. Set what is missing in env or secretEnv.
{{- end }}
{{- if and (eq $name "PAM_ENABLED") (eq $text "true") (regexMatch "(mastodon|tootsuite)/mastodon$" .root.Values.mastodon.image.repository) }}
{{ $path }}: ends every Ruby process at boot, as the official image does not contain PAM's gem. Remove this line, or use an image that contains it.
{{- end }}
{{- end -}}

{{- /* A variable that Mastodon no longer reads. Takes a dict: `root`, `place`, `name`, `value`, and what is `known`. */ -}}
{{- define "mastodon.validate.removed" -}}
{{- $path := printf "%s.%s" .place .name }}
{{- $known := get .known .name | default dict }}
{{- $image := .root.Values.mastodon.image }}
{{- $text := include "mastodon.env.text" .value }}
{{- with $known.removed }}
{{- if and $text (not (include "mastodon.ruby.isOlder" (dict "tag" $image.tag "than" (printf "%s-0" .in)))) }}
{{ $path }}: was removed from Mastodon {{ trimSuffix ".0" .in }}. {{ .remedy }}.
{{- end }}
{{- end }}
{{- if $known.isOld }}
{{ $path }}: is an old name. Set {{ $known.key }} instead.
{{- end }}
{{- end -}}
