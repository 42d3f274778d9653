{{- /* Jobs. All take the component unless they say otherwise. */ -}}

{{- /*
A Job around `pod`, the text of a pod template. A Job's template can't be changed, so the name ends in a
hash of it: a changed Job is a new one, and Helm removes the old one. No TTL: GitOps controllers would run
it forever. Takes a dict: the component as `of`, `pod`, and `failures`, more rules of `podFailurePolicy`.
*/ -}}
{{- define "mastodon.jobs.job" -}}
{{- $hash := printf "%s%v" .pod (.of.values.generation | default 0) | sha256sum | trunc 8 }}
apiVersion: batch/v1
kind: Job
metadata: {{- include "mastodon.labels.metadata" (dict "of" .of "name" (printf "%s-%s" .of.name $hash))
  | nindent 2 }}
spec:
  backoffLimit: 3
  podFailurePolicy:
    rules:
      {{- with .failures }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      # A pod that had to leave its node did not fail.
      - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
  template: {{- .pod | nindent 4 }}
{{- end -}}

{{- /*
The pod template of a Job with the Mastodon image. Takes a dict: the component as `of`, the program as
`script`, its variables as `env`, and `gate`: whether it waits until the database fits the image.
*/ -}}
{{- define "mastodon.jobs.rubyPod" -}}
{{- $checksums := dict "env" (include "mastodon.env.checksum" .of)
  "scripts" (include "mastodon.ruby.scripts" .of.root) -}}
metadata: {{- include "mastodon.labels.podMetadata" (dict "of" .of "checksums" $checksums) | nindent 2 }}
spec:
  # Never: the pods of a Job that failed stay, and with them the log that says why.
  restartPolicy: Never
  {{- include "mastodon.pod.spec" .of | nindent 2 }}
  {{- if or .gate .of.values.initContainers }}
  initContainers:
    {{- if .gate }}
    {{- include "mastodon.ruby.gate" .of | nindent 4 }}
    {{- end }}
    {{- with .of.values.initContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  containers:
    - name: main
      {{- $args := list "bundle" "exec" "ruby" (printf "/scripts/%s" .script) }}
      {{- include "mastodon.pod.main" (dict "of" .of "args" $args "env" .env) | nindent 6 }}
      volumeMounts:
        {{- include "mastodon.ruby.mounts" .of | nindent 8 }}
  volumes:
    {{- include "mastodon.ruby.volumes" .of | nindent 4 }}
{{- end -}}

{{- /*
The labels of a Secret made inside the cluster, as JSON. Not app.kubernetes.io/instance: Argo CD considers
what carries it its own and prunes what is not in git.
*/ -}}
{{- define "mastodon.jobs.labels" -}}
{{- dict "app.kubernetes.io/name" (include "mastodon.labels.name" .root)
  "app.kubernetes.io/component" .component
  "app.kubernetes.io/managed-by" "mastodon-chart" "mastodon-chart/release" .root.Release.Name | toJson -}}
{{- end -}}

{{- /*
The variables of the two migration Jobs, as JSON: which release this is, and the way to PostgreSQL past a
pooler.
*/ -}}
{{- define "mastodon.jobs.migration" -}}
{{- $direct := .connections.postgresql.direct | default dict -}}
{{- $variables := dict "RELEASE" .root.Release.Name "CHART" (include "mastodon.labels.name" .root) -}}
{{- with $direct.host }}{{ $_ := set $variables "DB_HOST" . }}{{ end -}}
{{- with $direct.port }}{{ $_ := set $variables "DB_PORT" . }}{{ end -}}
{{- with $direct.url }}{{ $_ := set $variables "DATABASE_URL" . }}{{ end -}}
{{- toJson $variables -}}
{{- end -}}
