{{- /* A tag that moves would bring new code under an unchanged hash: without its migrations, and at a moment of its own. */ -}}
{{- define "mastodon.validate.images" -}}
{{- $version := "^v?[0-9]+(\\.[0-9]+)?(-[a-z]+)?$" }}
{{- $patterns := dict "mastodon.image" $version "streaming.image" $version "web.image" $version "sidekiq.image" $version
  "postgresql.image" "^[0-9]+(-[a-z]+)?$" "redis.image" $version }}
{{- $images := dict "mastodon.image" .Values.mastodon.image "streaming.image" .Values.streaming.image "web.image" .Values.web.image
  "sidekiq.image" .Values.sidekiq.image "postgresql.image" .Values.postgresql.image "redis.image" .Values.redis.image }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $path := printf "sidekiq.workers[%d].image" $index }}
{{- $_ := set $patterns $path $version }}
{{- $_ := set $images $path ($worker.image | default dict) }}
{{- end }}
{{- range $name, $job := .Values.jobs }}
{{- $path := printf "jobs.%s.image" $name }}
{{- $_ := set $patterns $path (ternary (get $patterns "postgresql.image") $version (eq $name "importDatabase")) }}
{{- $_ = set $images $path ($job.image | default dict) }}
{{- end }}
{{- $words := list "latest" "edge" "nightly" "main" "master" "stable" "alpine" "bookworm" "trixie" }}
{{- range $path, $image := $images }}
{{- $tag := toString ($image.tag | default "") }}
{{- if and $tag (not $image.digest) (or (has $tag $words) (regexMatch (get $patterns $path) $tag)) }}
{{ $path }}.tag: "{{ $tag }}" moves from release to release. Set an exact one such as {{ ternary "17.7-bookworm" (ternary "8.1.4-bookworm" (printf "v%s" $.Chart.AppVersion) (eq $path "redis.image")) (has $path (list "postgresql.image" "jobs.importDatabase.image")) }}, or {{ $path }}.digest.
{{- end }}
{{- end }}
{{- range $path := list "postgresql.image" "redis.image" }}
{{- $image := get $images $path }}
{{- if not (or $image.tag $image.digest) }}
{{ $path }}.tag: required, as an image without tag moves from release to release. Set an exact one, or {{ $path }}.digest.
{{- end }}
{{- end }}
{{- include "mastodon.validate.migratedByOlder" . }}
{{- end -}}

{{- /* An image newer than the one that migrates would wait at the gate for migrations that nobody runs. What cannot be
compared, a digest or a tag that is no version, may pass. */ -}}
{{- define "mastodon.validate.migratedByOlder" -}}
{{- $base := .Values.mastodon.image }}
{{- $migrate := .Values.jobs.migrate.image | default dict }}
{{- $default := $base.tag | default (printf "v%s" .Chart.AppVersion) }}
{{- $from := ternary "jobs.migrate.image" "mastodon.image" (not (empty $migrate.tag)) }}
{{- $digest := or $migrate.digest (and $base.digest (not (or $migrate.tag $migrate.repository))) }}
{{- $migrated := $migrate.tag | default $default }}
{{- $images := dict "mastodon.image" (merge (dict "tag" $default) $base) "web.image" .Values.web.image "sidekiq.image" .Values.sidekiq.image }}
{{- range $name := list "admin" "postMigrate" }}
{{- $_ := set $images (printf "jobs.%s.image" $name) ((get $.Values.jobs $name).image | default dict) }}
{{- end }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $_ := set $images (printf "sidekiq.workers[%d].image" $index) ($worker.image | default dict) }}
{{- end }}
{{- $number := "(0|[1-9][0-9]{0,8})" }}
{{- $part := printf "(%s|[0-9]*[A-Za-z-][0-9A-Za-z-]*)" $number }}
{{- $version := printf "^v?%s([.]%s){2}(-%s([.]%s)*)?$" $number $number $part $part }}
{{- range $path, $image := $images }}
{{- if and $image.tag (not $image.digest) (not $digest) (regexMatch $version $image.tag) (regexMatch $version $migrated) }}
{{- if gt ((semver $image.tag).Compare (semver $migrated)) 0 }}
{{ $path }}.tag: "{{ $image.tag }}" is newer than "{{ $migrated }}", which migrates the database, so its pods would wait for ever. Set {{ $from }}.tag to the newer one.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
