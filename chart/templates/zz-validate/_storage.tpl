{{- define "mastodon.validate.storage" -}}
{{- range $set := include "mastodon.storage.used" . | splitList " " }}
{{- if $set }}
{{- $c := dict "root" $ "set" $set }}
{{- include "mastodon.storage.resolve" $c }}
{{- $block := $c.block }}
{{- $path := ternary "import.database.file.storage" (printf "storage.%s" $set) (eq $set "import") }}
{{- if eq $block.type "nfs" }}
{{- range $key := list "server" "path" }}
{{- if not (get $block.nfs $key) }}
{{ $path }}.nfs.{{ $key }}: required when {{ $path }}.type is nfs. Set the {{ ternary "host or address of the NFS server" "exported directory" (eq $key "server") }}.
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq $block.type "existingClaim") (not $block.existingClaim) }}
{{ $path }}.existingClaim: required when {{ $path }}.type is existingClaim. Set the name of the claim.
{{- end }}
{{- if and (ne $block.type "existingClaim") $block.existingClaim }}
{{ $path }}.existingClaim: only used when {{ $path }}.type is existingClaim. Set the type or remove the line.
{{- end }}
{{- end }}
{{- end }}
{{- include "mastodon.validate.media" . }}
{{- end -}}

{{- /* Pods that share media must be able to run where the volume is. */ -}}
{{- define "mastodon.validate.media" -}}
{{- if and (include "mastodon.ruby.media" .) (ne .Values.storage.system.type "emptyDir") }}
{{- if has "ReadWriteOncePod" .Values.storage.system.accessModes }}
storage.system.accessModes: ReadWriteOncePod lets one pod mount the media, but web and sidekiq both must. Use ReadWriteMany, or ReadWriteOnce on one node.
{{- end }}
{{- if include "mastodon.storage.oneNode" . }}
{{- $contexts := dict "web" (dict "root" $ "component" "web" "own" .Values.web) }}
{{- include "mastodon.pod.resolve" $contexts.web }}
{{- range $index, $worker := .Values.sidekiq.workers }}
{{- $c := dict "root" $ "worker" $worker }}
{{- include "mastodon.sidekiq.resolve" $c }}
{{- $_ := set $contexts (printf "sidekiq.workers[%d]" $index) $c }}
{{- end }}
{{- $selector := $contexts.web.values.nodeSelector | default dict }}
{{- range $path, $c := $contexts }}
{{- if ne (toJson ($c.values.nodeSelector | default dict)) (toJson $selector) }}
{{ $path }}.nodeSelector: differs from web's, but they share the ReadWriteOnce volume of storage.system and so need one node. Make them equal or use ReadWriteMany.
{{- end }}
{{- if and $c.values.pdb.enabled (gt (int $c.values.replicas) 1) }}
{{ $path }}.pdb.enabled: a budget would keep the one node from being drained that all these pods share, as storage.system is ReadWriteOnce. Remove it or use ReadWriteMany.
{{- end }}
{{- if dig "podAntiAffinity" "requiredDuringSchedulingIgnoredDuringExecution" list ($c.values.affinity | default dict) }}
{{ $path }}.affinity.podAntiAffinity: a required one keeps pods apart that share the ReadWriteOnce volume of storage.system. Make it preferred or use ReadWriteMany.
{{- end }}
{{- range $c.values.topologySpreadConstraints }}
{{- if and (eq .whenUnsatisfiable "DoNotSchedule") (gt (int $c.values.replicas) 1) }}
{{ $path }}.topologySpreadConstraints: DoNotSchedule keeps pods apart that share the ReadWriteOnce volume of storage.system. Use ScheduleAnyway or ReadWriteMany.
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
