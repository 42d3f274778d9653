{{- /*
The part of a pod that all workloads share. The context of a component (see _names.tpl), completed by
"mastodon.pod.resolve" with
  values  the component's values over the defaults of `pod`
and by the template with
  media   true if the pod mounts the media volume
*/ -}}

{{- /*
Completes a context; prints nothing. `defaults` in the context lies between `pod` and `own`.
Merging is what costs most in a render, and Helm hands the same top-level scope to all templates: so it is done once
for each component and kept there.
*/ -}}
{{- define "mastodon.pod.resolve" -}}
{{- if not (hasKey .root "merged") }}{{ $_ := set .root "merged" dict }}{{ end -}}
{{- if not (hasKey .root.merged .component) -}}
{{- $base := deepCopy .root.Values.pod -}}
{{- with .defaults }}{{ $base = mustMergeOverwrite $base (deepCopy .) }}{{ end -}}
{{- $_ := set .root.merged .component (mustMergeOverwrite $base .own) -}}
{{- end -}}
{{- $_ := set . "values" (get .root.merged .component) -}}
{{- end -}}

{{- /* The keys of a pod spec that are the same everywhere. `token: true` mounts the service account's token. */ -}}
{{- define "mastodon.pod.spec" -}}
serviceAccountName: {{ .serviceAccount | default (include "mastodon.pod.serviceAccount" .) | quote }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .values.podSecurityContext }}
securityContext: {{- include "mastodon.pod.yaml" (dict "root" $.root "value" .) | nindent 2 }}
{{- end }}
{{- with .values.terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ int64 . }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .values.runtimeClassName }}
runtimeClassName: {{ . | quote }}
{{- end }}
{{- with .values.hostname }}
hostname: {{ . | quote }}
{{- end }}
{{- with .values.subdomain }}
subdomain: {{ . | quote }}
{{- end }}
{{- with .values.hostAliases }}
hostAliases: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.dnsConfig }}
dnsConfig: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "mastodon.pod.affinity" . }}
{{- include "mastodon.pod.spread" . }}
{{- end -}}

{{- /* toYaml for what many pods have alike: turning a value into YAML is slow, so the text is kept. */ -}}
{{- define "mastodon.pod.yaml" -}}
{{- if not (hasKey .root "yaml") }}{{ $_ := set .root "yaml" dict }}{{ end -}}
{{- $key := toJson .value -}}
{{- if not (hasKey .root.yaml $key) }}{{ $_ := set .root.yaml $key (toYaml .value) }}{{ end -}}
{{- get .root.yaml $key -}}
{{- end -}}

{{- /* The name of the pod's service account: the component's own one, or the one that all share. */ -}}
{{- define "mastodon.pod.serviceAccount" -}}
{{- $own := .own.serviceAccount | default (.defaults | default dict).serviceAccount | default dict -}}
{{- $shared := .root.Values.pod.serviceAccount -}}
{{- if $own.create -}}
{{- $own.name | default (include "mastodon.names.component" .) -}}
{{- else if $own.name -}}
{{- $own.name -}}
{{- else if $shared.create -}}
{{- $shared.name | default (include "mastodon.names.fullname" .root) -}}
{{- else -}}
{{- $shared.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- /*
`affinity`: the user's. Pods that share a ReadWriteOnce volume must be on one node besides;
replicas of anything else prefer different nodes unless the user said something.
*/ -}}
{{- define "mastodon.pod.affinity" -}}
{{- $user := .values.affinity -}}
{{- if and .media (include "mastodon.storage.oneNode" .root) }}
affinity:
  {{- with omit ($user | default dict) "podAffinity" }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  podAffinity:
    {{- $pods := dig "podAffinity" dict ($user | default dict) }}
    {{- with omit $pods "requiredDuringSchedulingIgnoredDuringExecution" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "mastodon.labels.media" .root | nindent 12 }}
      {{- with $pods.requiredDuringSchedulingIgnoredDuringExecution }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
{{- else if $user }}
affinity: {{- toYaml $user | nindent 2 }}
{{- else if .replicated }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "mastodon.labels.selector" . | nindent 14 }}
{{- end }}
{{- end -}}

{{- /* `topologySpreadConstraints`: the user's, completed with a selector; by default replicas spread if they can. */ -}}
{{- define "mastodon.pod.spread" -}}
{{- if .values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range .values.topologySpreadConstraints }}
  -
    {{- toYaml . | nindent 4 }}
    {{- if not .labelSelector }}
    labelSelector:
      matchLabels:
        {{- include "mastodon.labels.selector" $ | nindent 8 }}
    {{- end }}
  {{- end }}
{{- else if .spread }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "mastodon.labels.selector" . | nindent 8 }}
{{- end }}
{{- end -}}

{{- /* The user's further containers, secured like ours unless they say something else. Takes the key as `key`. */ -}}
{{- define "mastodon.pod.extraContainers" -}}
{{- range index .context.values .key }}
- {{ mustMergeOverwrite (dict "securityContext" (deepCopy $.context.values.securityContext)) . | toYaml | nindent 2 | trim }}
{{- end }}
{{- end -}}

{{- /* What the specs of all Deployments have before `template`. */ -}}
{{- define "mastodon.pod.deployment" -}}
{{- if .root.Values.maintenance }}
replicas: 0
{{- else if not .values.autoscaling.enabled }}
replicas: {{ .values.replicas }}
{{- end }}
revisionHistoryLimit: {{ .values.revisionHistoryLimit }}
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
  matchLabels: {{- include "mastodon.labels.selector" . | nindent 4 }}
{{- end -}}

{{- /* A list as YAML, nothing if it is empty. */ -}}
{{- define "mastodon.pod.list" -}}
{{- with . }}
{{- toYaml . }}
{{- end }}
{{- end -}}
