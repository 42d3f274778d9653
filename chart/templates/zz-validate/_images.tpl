{{- /*
A tag that moves would bring new code under an unchanged hash: at any time, and without its migrations.
Both rules look at the images as the user wrote them, level by level.
*/ -}}
{{- define "mastodon.validate.images" -}}
{{- $version := "^v?[0-9]+(\\.[0-9]+)?(-[a-z]+)?$" }}
{{- $words := list "latest" "edge" "nightly" "main" "master" "stable" "alpine" "bookworm" "trixie" }}
{{- $seen := list }}
{{- range .components }}
{{- /* Patch releases of PostgreSQL have two numbers. */}}
{{- $pattern := ternary "^[0-9]+(-[a-z]+)?$" $version (eq (.like | default .component) "postgresql") }}
{{- $reads := .reads }}
{{- range .levels }}
{{- $image := .values.image | default dict }}
{{- $path := printf "%s.image" .path }}
{{- $tag := toString ($image.tag | default "") }}
{{- $moves := or (has $tag $words) (regexMatch $pattern $tag) }}
{{- if and $tag (not $image.digest) $moves (not (has $path $seen)) }}
{{ $path }}.tag: "{{ $tag }}" is a different image with every release. Set the tag of one patch release, or {{ $path }}.digest.
{{- end }}
{{- if and $tag $reads (not (has $path $seen)) (include "mastodon.ruby.isOlder" (dict "tag" $tag "than" "4.3.0-0")) }}
{{ $path }}.tag: "{{ $tag }}" is older than 4.3, and this chart cannot run it. Upgrade the server to 4.3 or newer where it is now, then set its tag here.
{{- end }}
{{- $seen = append $seen $path }}
{{- end }}
{{- if and .isDatabase (not (or .values.image.tag .values.image.digest)) }}
{{ .path }}.image.tag: required, as without a tag the image changes with every release. Set the tag of one patch release, or {{ .path }}.image.digest.
{{- end }}
{{- end }}
{{- include "mastodon.validate.migratedByOlder" . }}
{{- /* Forks name their versions themselves, and have an image for streaming themselves. */}}
{{- $base := .Values.mastodon.image }}
{{- $streaming := .Values.streaming.image }}
{{- if and $base.tag (not $base.digest) (not (regexMatch "^v[0-9]+[.][0-9]+[.][0-9]+(-(alpha|beta|rc)[.][0-9]+)?$" $base.tag))
  (not (regexMatch "(^|/)(mastodon|tootsuite)/mastodon$" $base.repository))
  (regexMatch "(^|/)(mastodon|tootsuite)/mastodon-streaming$" $streaming.repository) (not (or $streaming.tag $streaming.digest)) }}
streaming.image.repository: required, as "{{ $base.tag }}" is a tag of {{ $base.repository }} and {{ $streaming.repository }} has no such tag. Set the streaming image of the fork, or streaming.image.tag.
{{- end }}
{{- end -}}

{{- /*
An image newer than the one that migrates would wait at the gate for migrations that nobody runs. What
cannot be compared, such as a digest or a tag that is not a version, is accepted.
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
{{- if and $image.tag (not $image.digest) (not $digest) (regexMatch $version $image.tag)
  (regexMatch $version $migrated) }}
{{- if gt ((semver $image.tag).Compare (semver $migrated)) 0 }}
{{ $path }}.image.tag: "{{ $image.tag }}" is newer than "{{ $migrated }}", the version that migrates the database, so its pods would wait forever. Set {{ $from }}.tag to the newer version.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
