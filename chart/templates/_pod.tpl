{{- /*
What the pods and the main containers of all workloads have in common. All take a component unless they say
otherwise.
*/ -}}

{{- /* What the specs of all Deployments have before `template`. */ -}}
{{- define "mastodon.pod.deployment" -}}
revisionHistoryLimit: {{ .values.revisionHistoryLimit }}
{{- if .root.Values.maintenance }}
replicas: 0
{{- else if not .values.autoscaling.enabled }}
replicas: {{ .values.replicas }}
{{- end }}
{{- with .values.progressDeadlineSeconds }}
progressDeadlineSeconds: {{ int64 . }}
{{- end }}
strategy:
  type: {{ .values.strategy.type }}
  {{- if ne .values.strategy.type "Recreate" }}
  {{- with .values.strategy.rollingUpdate }}
  rollingUpdate: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
selector:
  matchLabels: {{- toYaml .selector | nindent 4 }}
{{- end -}}

{{- /* The keys of a pod's spec that are the same everywhere. */ -}}
{{- define "mastodon.pod.spec" -}}
serviceAccountName: {{ .serviceAccount.name | quote }}
automountServiceAccountToken: {{ not (empty .account) }}
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .values.podSecurityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ int64 . }}
{{- end }}
{{- range $key, $value := pick .values "priorityClassName" "runtimeClassName" "schedulerName"
  "shareProcessNamespace" "hostname" "subdomain" "hostAliases" "dnsConfig" "nodeSelector" "tolerations" }}
{{- with $value }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- include "mastodon.pod.affinity" . }}
{{- include "mastodon.pod.spread" . }}
{{- end -}}

{{- /*
What the volume at /tmp is made from: a directory of the node, its memory, or a claim that lives as long as
the pod.
*/ -}}
{{- define "mastodon.pod.tmp" -}}
{{- $tmp := .values.tmp | default dict -}}
{{- with $tmp.claim }}
{{- $class := .storageClassName | default $.root.Values.storage.storageClassName }}
ephemeral:
  volumeClaimTemplate:
    spec:
      accessModes: [ReadWriteOnce]
      {{- with $class }}
      storageClassName: {{ . | quote }}
      {{- end }}
      resources: {requests: {storage: {{ .size }}}}
{{- else }}
emptyDir:
  {{- $limits := dict }}
  {{- range $key, $value := pick $tmp "medium" "sizeLimit" }}
    {{- with $value }}{{ $_ := set $limits $key . }}{{ end }}
  {{- end }}
  {{- toYaml $limits | nindent 2 }}
{{- end }}
{{- end -}}

{{- /*
`affinity`: the user's. Pods that share a volume of one node must also be there; replicas of anything else
prefer different nodes unless the user sets something else.
*/ -}}
{{- define "mastodon.pod.affinity" -}}
{{- $affinity := .values.affinity | default dict -}}
{{- if .oneNode }}
  {{- $term := dict "topologyKey" "kubernetes.io/hostname"
    "labelSelector" (dict "matchLabels" (include "mastodon.labels.media" . | fromYaml)) -}}
  {{- $required := "requiredDuringSchedulingIgnoredDuringExecution" -}}
  {{- $near := $affinity.podAffinity | default dict -}}
  {{- $near = merge (dict $required (prepend (get $near $required | default list) $term)) $near -}}
  {{- $affinity = merge (dict "podAffinity" $near) $affinity -}}
{{- else if and .replicated (not $affinity) }}
  {{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" .selector) -}}
  {{- $preferred := list (dict "weight" 100 "podAffinityTerm" $term) -}}
  {{- $affinity = dict "podAntiAffinity" (dict "preferredDuringSchedulingIgnoredDuringExecution"
    $preferred) -}}
{{- end }}
{{- with $affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /*
`topologySpreadConstraints`: the user's, completed with a selector; by default replicas spread if they can.
*/ -}}
{{- define "mastodon.pod.spread" -}}
{{- $selector := dict "matchLabels" .selector -}}
{{- $constraints := list -}}
{{- range .values.topologySpreadConstraints -}}
  {{- $constraint := omit . "labelSelector" -}}
  {{- $_ := set $constraint "labelSelector" (.labelSelector | default $selector) -}}
  {{- $constraints = append $constraints $constraint -}}
{{- end -}}
{{- if and .scales (not $constraints) -}}
  {{- $constraints = list (dict "maxSkew" 1 "topologyKey" "kubernetes.io/hostname"
    "whenUnsatisfiable" "ScheduleAnyway" "labelSelector" $selector) -}}
{{- end -}}
{{- with $constraints }}
topologySpreadConstraints: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /*
What a container of the chart has in common with the others in its pod. Takes a dict: the component as `of`,
and as `env` variables of this container only, a map as in `environment.entries`.
*/ -}}
{{- define "mastodon.pod.container" -}}
{{- $values := .of.values -}}
image: {{ .of.image }}
imagePullPolicy: {{ $values.image.pullPolicy | default .of.root.Values.image.pullPolicy }}
{{- with $values.securityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.resources }}
resources: {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "mastodon.env.container" . }}
{{- end -}}

{{- /*
The main container, except for its ports and mounts. Takes the dict above, and
  command, args  what it runs unless the user says otherwise
  probes         the target of each probe; the timing, or a whole probe, comes from the values
*/ -}}
{{- define "mastodon.pod.main" -}}
{{- $values := .of.values -}}
{{- include "mastodon.pod.container" . }}
{{- with $values.command | default .command }}
command: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.args | default (ternary .args list (empty $values.command)) }}
args: {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $kind, $target := .probes }}
  {{- $timing := get $values.probes $kind | default dict }}
  {{- if and $timing (ne (toString $timing.enabled) "false") }}
    {{- $users := pick $timing "httpGet" "tcpSocket" "exec" "grpc" }}
{{- $probe := merge (omit $timing "enabled") (ternary $target dict (empty $users)) }}
{{ $kind }}Probe: {{- toYaml $probe | nindent 2 }}
  {{- end }}
{{- end }}
{{- with $values.lifecycle }}
{{- /* A hook has one handler: the user's replaces the default. */}}
{{- $preStop := .preStop | default dict }}
{{- $changed := merge (dict "preStop" (omit $preStop "sleep")) (omit . "preStop") }}
lifecycle: {{- ternary $changed . (gt (len $preStop) 1) | toYaml | nindent 2 }}
{{- end }}
{{- end -}}
