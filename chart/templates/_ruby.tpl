{{- /*
What all pods with the Mastodon image have in common. All take a component unless they say otherwise.
*/ -}}

{{- /* The init container that waits until the database fits the image. */ -}}
{{- define "mastodon.ruby.gate" -}}
- name: gate
  {{- include "mastodon.pod.container" (dict "of" .) | nindent 2 }}
  args: [bundle, exec, ruby, /scripts/gate.rb]
  volumeMounts:
    {{- include "mastodon.ruby.mounts" . | nindent 4 }}
{{- end -}}

{{- /* What the gate and the main container mount. */ -}}
{{- define "mastodon.ruby.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: scripts, mountPath: /scripts, readOnly: true}
{{- if hasKey .volumes "system" }}
- name: system
  mountPath: {{ .root.Values.mastodon.mediaPath | default "/opt/mastodon/public/system" }}
{{- end }}
{{- with .environment.certificates }}
{{ include "mastodon.certificates.mounts" . }}
{{- end }}
{{- with .values.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "mastodon.ruby.volumes" -}}
- name: tmp
  {{- include "mastodon.pod.tmp" . | nindent 2 }}
- name: scripts
  # Mastodon runs ffmpeg.sh.
  configMap: {name: {{ include "mastodon.names.scripts" .root }}, defaultMode: 0555}
{{- if hasKey .volumes "system" }}
- name: system
  {{- toYaml .volumes.system | nindent 2 }}
{{- end }}
{{- with .environment.certificates }}
{{ include "mastodon.certificates.volumes" . }}
{{- end }}
{{- with .values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The chart's programs for these pods, a file each. Takes the top-level scope. */ -}}
{{- define "mastodon.ruby.scripts" -}}
{{- range $file := list "admin.rb" "database.rb" "ffmpeg.sh" "gate.rb" "keys.rb" "kubernetes.rb"
  "leftovers.rb" "listen.sh" "login.rb" "migrate.rb" "migration.rb" "migrations.rb" "post-migrate.rb"
  "rakefile.rb" "redis-login.rb" "search-index.rb" "sweep.sh" }}
{{ $file }}: |
  {{- $.Files.Get (printf "files/%s" $file) | nindent 2 }}
{{- end }}
{{- end -}}

{{- /*
"true" if a tag is known to be that of a Mastodon older than a version. Takes a dict: `tag`, `than`.
*/ -}}
{{- define "mastodon.ruby.isOlder" -}}
{{- with regexFind "^v?(0|[1-9][0-9]{0,3})([.](0|[1-9][0-9]{0,3})){2}" (.tag | default "") -}}
  {{- if lt ((semver .).Compare (semver $.than)) 0 }}true{{ end -}}
{{- end -}}
{{- end -}}
