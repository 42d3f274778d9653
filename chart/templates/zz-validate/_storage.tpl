{{- define "mastodon.validate.storage" -}}
{{- $used := include "mastodon.storage.used" . | fromJson }}
{{- range $used }}
{{- $block := .values }}
{{- $path := .path }}
{{- if eq $block.type "nfs" }}
{{- range $key := list "server" "path" }}
{{- if not (get $block.nfs $key) }}
{{ $path }}.nfs.{{ $key }}: required when {{ $path }}.type is nfs. Set the {{ ternary "host or address of the NFS server" "exported directory" (eq $key "server") }}.
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq $block.type "hostPath") (not $block.hostPath.path) }}
{{ $path }}.hostPath.path: required when {{ $path }}.type is hostPath. Set the directory of the node.
{{- end }}
{{- if eq $block.type "dynamic" }}
{{- $class := kindIs "string" $block.storageClassName | ternary $block $.Values.storage }}
{{- range $key := list "volumeName" "selector" }}
{{- if and (get $block $key) (not (kindIs "string" $class.storageClassName)) }}
{{ $path }}.storageClassName: required when {{ $path }}.{{ $key }} is set, as a claim takes only a volume of its own class. Set the class of that volume, or "" if it has none.
{{- end }}
{{- end }}
{{- else if $block.selector }}
{{ $path }}.selector: only used when {{ $path }}.type is dynamic. Change the type or remove this line.
{{- end }}
{{- if and (eq $block.type "existingClaim") (not $block.existingClaim) }}
{{ $path }}.existingClaim: required when {{ $path }}.type is existingClaim. Set the name of the claim.
{{- end }}
{{- if and (ne $block.type "existingClaim") $block.existingClaim }}
{{ $path }}.existingClaim: only used when {{ $path }}.type is existingClaim. Change the type or remove this line.
{{- end }}
{{- end }}
{{- /* All other data sets can lie in one directory, as their files have different names. */}}
{{- if and $used.redis $used.redisSidekiq }}
{{- $places := list }}
{{- range list $used.redis.values $used.redisSidekiq.values }}
{{- $place := get . .type | default "" }}
{{- if kindIs "map" $place }}{{ $place = ternary "" (omit $place "mountOptions" | toJson) (empty $place.path) }}{{ end }}
{{- $places = append $places $place }}
{{- end }}
{{- if and (first $places) (eq (first $places) (last $places)) }}
storage.redisSidekiq: is in the same place as storage.redis, where each server would overwrite the files of the other. Name another directory or claim.
{{- end }}
{{- end }}
{{- range $component := .components }}
{{- $tmp := .values.tmp | default dict }}
{{- with $tmp.claim }}
{{- if not .size }}
{{ include "mastodon.validate.key" (list $component "tmp" "claim") }}.size: required in a claim for /tmp. Set the capacity.
{{- end }}
{{- if or $tmp.medium $tmp.sizeLimit }}
{{ include "mastodon.validate.key" (list $component "tmp" "claim") }}: a claim has a size of its own and is not in memory. Remove it, or medium and sizeLimit.
{{- end }}
{{- end }}
{{- end }}
{{- include "mastodon.validate.media" . }}
{{- end -}}

{{- /* Pods that share media must be able to run where the volume is. */ -}}
{{- define "mastodon.validate.media" -}}
{{- $selector := .components.web.values.nodeSelector | default dict }}
{{- if and .components.web.oneNode (has "ReadWriteOncePod" .Values.storage.system.accessModes) }}
storage.system.accessModes: ReadWriteOncePod lets only one pod mount the media, but web and sidekiq both need to. Use ReadWriteMany, or ReadWriteOnce on one node.
{{- end }}
{{- range .components }}
{{- if .oneNode }}
{{- $spread := include "mastodon.validate.key" (list . "topologySpreadConstraints") }}
{{- if ne (toJson (.values.nodeSelector | default dict)) (toJson $selector) }}
{{ include "mastodon.validate.key" (list . "nodeSelector") }}: differs from web's, but they share the ReadWriteOnce volume of storage.system and so need the same node. Make them equal or use ReadWriteMany.
{{- end }}
{{- if and .values.pdb.enabled .replicated }}
{{ include "mastodon.validate.key" (list . "pdb" "enabled") }}: a disruption budget would prevent the node that all these pods share from being drained, as storage.system is ReadWriteOnce. Remove it or use ReadWriteMany.
{{- end }}
{{- if dig "podAntiAffinity" "requiredDuringSchedulingIgnoredDuringExecution"
  list (.values.affinity | default dict) }}
{{ include "mastodon.validate.key" (list . "affinity" "podAntiAffinity") }}: a required rule separates pods that need the same node, as they share the ReadWriteOnce volume of storage.system. Make it preferred or use ReadWriteMany.
{{- end }}
{{- $replicated := .replicated }}
{{- range .values.topologySpreadConstraints }}
{{- if and (eq .whenUnsatisfiable "DoNotSchedule") $replicated }}
{{ $spread }}: DoNotSchedule separates pods that need the same node, as they share the ReadWriteOnce volume of storage.system. Use ScheduleAnyway or ReadWriteMany.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
