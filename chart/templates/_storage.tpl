{{- /*
Data sets: system, postgresql, redis, redisSidekiq, search (blocks of `storage`) and import (the dump). Those with
an argument take a dict:
  root  the top-level scope
  set   the data set's name
*/ -}}

{{- /*
The data sets that any pod mounts, as JSON: a map from their names to {path, values}, their places in the
values.
*/ -}}
{{- define "mastodon.storage.used" -}}
{{- $used := dict -}}
{{- range .components -}}
  {{- range .mounts -}}
    {{- $_ := set $used . (include "mastodon.storage.block" (dict "root" $ "set" .) | fromJson) -}}
  {{- end -}}
{{- end -}}
{{- toJson $used -}}
{{- end -}}

{{- /* {path, values}, as JSON: the place of a data set in the values, and what is there. */ -}}
{{- define "mastodon.storage.block" -}}
{{- if eq .set "import" -}}
{{- dict "path" "import.database.file.storage" "values" .root.Values.import.database.file.storage | toJson -}}
{{- else -}}
{{- dict "path" (printf "storage.%s" .set) "values" (get .root.Values.storage .set) | toJson -}}
{{- end -}}
{{- end -}}

{{- /* The name of the claim. Takes the block's values, too, as `values`. */ -}}
{{- define "mastodon.storage.claim" -}}
{{- if eq .values.type "existingClaim" -}}
{{- .values.existingClaim -}}
{{- else -}}
{{- .values.claimName | default (printf "%s-%s" (include "mastodon.names.fullname" .root) (kebabcase .set)) -}}
{{- end -}}
{{- end -}}

{{- /*
The name of a volume that the chart makes: volumes have no namespace, so it says both. Takes the block's
values, too, as `values`.
*/ -}}
{{- define "mastodon.storage.volume" -}}
{{- $default := printf "%s-%s-%s" .root.Release.Namespace (include "mastodon.names.fullname" .root)
  (kebabcase .set) -}}
{{- .values.volumeName | default ($default | trunc 253 | trimSuffix "-") -}}
{{- end -}}

{{- /* What a pod's volume is made from, as JSON. */ -}}
{{- define "mastodon.storage.source" -}}
{{- $values := (include "mastodon.storage.block" . | fromJson).values -}}
{{- if eq $values.type "emptyDir" -}}
{{- dict "emptyDir" dict | toJson -}}
{{- else -}}
{{- $claim := include "mastodon.storage.claim" (dict "root" .root "set" .set "values" $values) -}}
{{- dict "persistentVolumeClaim" (dict "claimName" $claim) | toJson -}}
{{- end -}}
{{- end -}}

{{- /* "true" if only one node at a time can mount the media. Takes the top-level scope. */ -}}
{{- define "mastodon.storage.oneNode" -}}
{{- $system := .Values.storage.system -}}
{{- if and (ne $system.type "emptyDir") (not (has "ReadWriteMany" $system.accessModes)) -}}
true
{{- end -}}
{{- end -}}
