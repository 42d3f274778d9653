{{- /*
Jobs. All take the context of a Job, a dict:
  root       the top-level scope
  component  its name in object names and labels, for example "post-migrate"
  own        its values, a block of `jobs`
*/ -}}

{{- /* Completes the context with `values`, `image` and a service account, named after the Job unless there is one; prints nothing. */ -}}
{{- define "mastodon.jobs.resolve" -}}
{{- include "mastodon.pod.resolve" . -}}
{{- $_ := set . "image" (include "mastodon.container.rubyImage" .) -}}
{{- $_ = set . "serviceAccount" (printf "%s-%s" (include "mastodon.names.fullname" .root) (.account | default .component)) -}}
{{- $_ = set . "scripts" true -}}
{{- $_ = set . "token" true -}}
{{- end -}}

{{- /* The pod template of a Job with the Mastodon image that runs `script` with the variables `extra`; `gate: true` waits. */ -}}
{{- define "mastodon.jobs.rubyPod" -}}
{{- include "mastodon.ruby.checksums" . -}}
metadata: {{- include "mastodon.labels.podMetadata" . | nindent 2 }}
spec:
  # Never: the pods of a Job that failed stay, and with them the log that says why.
  restartPolicy: Never
  {{- include "mastodon.pod.spec" . | nindent 2 }}
  {{- $users := include "mastodon.jobs.usersInitContainers" . }}
  {{- if or .gate $users }}
  initContainers:
    {{- if .gate }}
    {{- include "mastodon.ruby.gate" (omit . "extra") | nindent 4 }}
    {{- end }}
    {{- with $users }}{{ trim . | nindent 4 }}{{ end }}
  {{- end }}
  containers:
    - name: main
      {{- include "mastodon.container.base" . | nindent 6 }}
      {{- $args := list "bundle" "exec" "ruby" (printf "/scripts/%s" .script) }}
      {{- with include "mastodon.container.command" (merge (dict "args" $args) .) }}{{ trim . | nindent 6 }}{{ end }}
      {{- include "mastodon.env.ruby" . | nindent 6 }}
      {{- include "mastodon.container.lifecycle" . | indent 6 }}
      volumeMounts:
        {{- include "mastodon.ruby.mounts" . | nindent 8 }}
  volumes:
    {{- include "mastodon.ruby.volumes" . | nindent 4 }}
{{- end -}}

{{- /* The user's init containers and sidecars: these as init containers that run on, or the Job would never end. */ -}}
{{- define "mastodon.jobs.usersInitContainers" -}}
{{- include "mastodon.pod.extraContainers" (dict "context" . "key" "initContainers") -}}
{{- $sidecars := list -}}
{{- range .values.sidecars }}{{ $sidecars = append $sidecars (merge (dict "restartPolicy" "Always") .) }}{{ end -}}
{{- include "mastodon.pod.extraContainers" (dict "context" (dict "values" (dict "sidecars" $sidecars
  "securityContext" .values.securityContext)) "key" "sidecars") }}
{{- end -}}

{{- /* What a user may add to the container of a Job that reads nothing of the release. */ -}}
{{- define "mastodon.jobs.usersOfContainer" -}}
{{- with .values.envFrom }}
envFrom: {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "mastodon.container.lifecycle" . }}
{{- with .values.volumeMounts }}
volumeMounts: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* The same for its pod. */ -}}
{{- define "mastodon.jobs.usersOfPod" -}}
{{- with include "mastodon.jobs.usersInitContainers" . }}
initContainers: {{- trim . | nindent 2 }}
{{- end }}
{{- with .values.volumes }}
volumes: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /*
A Job around a pod template, `pod`. A Job's template cannot be changed, so the name ends in a hash of it: what is
changed is a new Job, and Helm removes the old one. No TTL: GitOps controllers would run it for ever.
*/ -}}
{{- define "mastodon.jobs.job" -}}
{{- $hash := printf "%s%v" .pod (.own.generation | default 0) | sha256sum | trunc 8 }}
apiVersion: batch/v1
kind: Job
metadata:
  {{- $name := printf "%s-%s-%s" (include "mastodon.names.fullname" .root) .component $hash }}
  {{- include "mastodon.labels.metadata" (merge (dict "name" $name) .) | nindent 2 }}
spec:
  backoffLimit: {{ .backoffLimit | default 3 }}
  podFailurePolicy:
    rules:
      {{- with .failures }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      # A pod that had to leave its node did not fail.
      - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
  template: {{- .pod | nindent 4 }}
{{- end -}}

{{- /* ServiceAccount, Role and RoleBinding of a Job that uses the API. `rules` is text; `annotations` for hooks. */ -}}
{{- define "mastodon.jobs.rights" -}}
{{- $c := merge (dict "name" .serviceAccount) . }}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "mastodon.labels.metadata" $c | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{- include "mastodon.labels.metadata" $c | nindent 2 }}
rules: {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{- include "mastodon.labels.metadata" $c | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ .serviceAccount }}}
subjects:
  - {kind: ServiceAccount, name: {{ .serviceAccount }}, namespace: {{ .root.Release.Namespace | quote }}}
{{- end -}}

{{- /*
The labels of a Secret made inside the cluster, as JSON. Not app.kubernetes.io/instance: Argo CD takes what carries it for
its own and prunes what is not in git.
*/ -}}
{{- define "mastodon.jobs.labels" -}}
{{- dict "app.kubernetes.io/name" (include "mastodon.names.chart" .root) "app.kubernetes.io/component" .component
  "app.kubernetes.io/managed-by" "mastodon-chart" "mastodon-chart/release" .root.Release.Name | toJson -}}
{{- end -}}

{{- /* The variables of the two migration Jobs for the database behind a pooler. Takes the top-level scope. */ -}}
{{- define "mastodon.jobs.direct" -}}
{{- if eq .Values.postgresql.mode "external" }}
{{- with .Values.postgresql.direct.host }}
DB_HOST: {{ . | quote }}
{{- end }}
{{- with .Values.postgresql.direct.port }}
DB_PORT: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* What nobody supplied: a map from Secrets to the keys that they must have. Takes the top-level scope. */ -}}
{{- define "mastodon.jobs.generated" -}}
{{- if not (or .Values.secrets.existingSecret .Values.secrets.fromEnv) }}
{{ include "mastodon.names.keys" . }}:
  - ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY
  - ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT
  - ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY
  - SECRET_KEY_BASE
  - VAPID_PRIVATE_KEY
  - VAPID_PUBLIC_KEY
{{- end }}
{{- $passwords := list }}
{{- if eq .Values.postgresql.mode "embedded" }}
{{- if not (or .Values.postgresql.password.value .Values.postgresql.password.existingSecret) }}{{ $passwords = append $passwords "postgresql" }}{{ end }}
{{- if not (or .Values.postgresql.superuserPassword.value .Values.postgresql.superuserPassword.existingSecret) }}{{ $passwords = append $passwords "superuser" }}{{ end }}
{{- end }}
{{- if and (eq .Values.redis.mode "embedded") (not (or .Values.redis.password.value .Values.redis.password.existingSecret)) }}{{ $passwords = append $passwords "redis" }}{{ end }}
{{- with $passwords }}
{{ include "mastodon.names.passwords" $ }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
