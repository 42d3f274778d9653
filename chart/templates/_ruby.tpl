{{- /*
What all pods with the Mastodon image have in common. All take the resolved context of a component (see _pod.tpl).
*/ -}}

{{- /* The init container that waits until the database fits the image. `scratch: true` fills the volume for tmp/. */ -}}
{{- define "mastodon.ruby.gate" -}}
{{- $extra := ternary (dict "COPY_TMP_TO" "/scratch") dict (.scratch | default false) }}
- name: gate
  {{- include "mastodon.container.base" . | nindent 2 }}
  args: [bundle, exec, ruby, /scripts/gate.rb]
  {{- include "mastodon.env.ruby" (merge (dict "extra" $extra) .) | nindent 2 }}
  volumeMounts:
    - {name: tmp, mountPath: /tmp}
    - {name: scripts, mountPath: /scripts, readOnly: true}
    {{- if .scratch }}
    - {name: scratch, mountPath: /scratch}
    {{- end }}
    {{- with include "mastodon.ruby.authorityMount" . }}{{ trim . | nindent 4 }}{{ end }}
{{- end -}}

{{- /* Mounts of the main container. */ -}}
{{- define "mastodon.ruby.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if .scratch }}
- {name: scratch, mountPath: /opt/mastodon/tmp}
{{- end }}
{{- if .scripts }}
- {name: scripts, mountPath: /scripts, readOnly: true}
{{- end }}
{{- if .media }}
- {name: system, mountPath: /opt/mastodon/public/system}
{{- end }}
{{- include "mastodon.ruby.authorityMount" . }}
{{- with .values.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "mastodon.ruby.volumes" -}}
- {name: tmp, emptyDir: {}}
- name: scripts
  configMap: {name: {{ include "mastodon.names.scripts" .root }}}
{{- if .scratch }}
- {name: scratch, emptyDir: {}}
{{- end }}
{{- if .media }}
- name: system
  {{- include "mastodon.storage.source" (dict "root" .root "set" "system") | nindent 2 }}
{{- end }}
{{- include "mastodon.ruby.authorityVolume" . }}
{{- with .values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* The certificate authority of an external PostgreSQL. */ -}}
{{- define "mastodon.ruby.authorityMount" -}}
{{- if .root.Values.postgresql.ca.existingSecret }}
- {name: postgresql-ca, mountPath: /etc/postgresql-ca, readOnly: true}
{{- end }}
{{- end -}}

{{- define "mastodon.ruby.authorityVolume" -}}
{{- with .root.Values.postgresql.ca }}
{{- if .existingSecret }}
- name: postgresql-ca
  secret:
    secretName: {{ .existingSecret | quote }}
    items: [{key: {{ .key | quote }}, path: {{ .key | quote }}}]
{{- end }}
{{- end }}
{{- end -}}

{{- /* Hashes that restart exactly the pods that read what changed. */ -}}
{{- define "mastodon.ruby.checksums" -}}
{{- $_ := set . "checksums" (dict "env" (include "mastodon.env.checksum" .root) "scripts" (include "mastodon.config.scripts" .root)) -}}
{{- end -}}

{{- /* "true" if media are on the volume. Takes the top-level scope. */ -}}
{{- define "mastodon.ruby.media" -}}
{{- if eq .Values.objectStorage.type "none" }}true{{ end -}}
{{- end -}}
