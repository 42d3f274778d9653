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
{{- end -}}
