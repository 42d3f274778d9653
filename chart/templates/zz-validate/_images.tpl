{{- /*
Tags. One that moves would bring new code under an unchanged hash: without its migrations, and at any time.
Both rules look at the images as the user wrote them, level by level.
*/ -}}
{{- define "mastodon.validate.images" -}}
{{- $version := "^v?[0-9]+(\\.[0-9]+)?(-[a-z]+)?$" }}
{{- $patterns := dict "mastodon" $version "postgresql" "^[0-9]+(-[a-z]+)?$" "redis" $version }}
{{- $exact := dict "mastodon" (printf "v%s" .Chart.AppVersion) "postgresql" "17.7-bookworm" "redis" "8.1.4-bookworm" }}
{{- $words := list "latest" "edge" "nightly" "main" "master" "stable" "alpine" "bookworm" "trixie" }}
{{- $seen := list }}
{{- range .components }}
{{- $kind := .like | default (ternary .path "mastodon" (hasKey . "isDatabase")) }}
{{- range .levels }}
{{- $image := .values.image | default dict }}
{{- $path := printf "%s.image" .path }}
{{- $tag := toString ($image.tag | default "") }}
{{- $moves := or (has $tag $words) (regexMatch (get $patterns $kind) $tag) }}
{{- if and $tag (not $image.digest) $moves (not (has $path $seen)) }}
{{ $path }}.tag: "{{ $tag }}" moves from release to release. Set an exact one such as {{ get $exact $kind }}, or {{ $path }}.digest.
{{- end }}
{{- $seen = append $seen $path }}
{{- end }}
{{- if and .isDatabase (not (or .values.image.tag .values.image.digest)) }}
{{ .path }}.image.tag: required, as an image without tag moves from release to release. Set an exact one, or {{ .path }}.image.digest.
{{- end }}
{{- end }}
{{- include "mastodon.validate.migratedByOlder" . }}
{{- end -}}

{{- /*
An image newer than the one that migrates would wait at the gate for migrations that nobody runs. What
cannot be compared, a digest or a tag that is no version, may pass.
*/ -}}
{{- define "mastodon.validate.migratedByOlder" -}}
{{- $base := .Values.mastodon.image }}
{{- $migrate := .Values.jobs.migrate.image | default dict }}
{{- $default := $base.tag | default (printf "v%s" .Chart.AppVersion) }}
{{- $from := ternary "jobs.migrate.image" "mastodon.image" (not (empty $migrate.tag)) }}
{{- $digest := or $migrate.digest (and $base.digest (not (or $migrate.tag $migrate.repository))) }}
{{- $migrated := $migrate.tag | default $default }}
{{- $number := "(0|[1-9][0-9]{0,8})" }}
{{- $part := printf "(%s|[0-9]*[A-Za-z-][0-9A-Za-z-]*)" $number }}
{{- $version := printf "^v?%s([.]%s){2}(-%s([.]%s)*)?$" $number $number $part $part }}
{{- $images := dict }}
{{- range .components }}
{{- if and (eq (.reads | default "") "ruby") (ne .component "migrate") }}
{{- range .levels }}{{ $_ := set $images .path (.values.image | default dict) }}{{ end }}
{{- end }}
{{- end }}
{{- range $path, $image := merge (dict "mastodon" (merge (dict "tag" $default) $base)) $images }}
{{- if and $image.tag (not $image.digest) (not $digest) (regexMatch $version $image.tag) (regexMatch $version $migrated) }}
{{- if gt ((semver $image.tag).Compare (semver $migrated)) 0 }}
{{ $path }}.image.tag: "{{ $image.tag }}" is newer than "{{ $migrated }}", which migrates the database, so its pods would wait for ever. Set {{ $from }}.tag to the newer one.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
