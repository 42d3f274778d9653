{{- /*
Data sets: system, postgresql, redis (blocks of `storage`) and import (the dump). Those with an argument take a dict:
  root  the top-level scope
  set   the data set's name
*/ -}}

{{- /* The data sets that some pod mounts from a claim, separated by spaces. Takes the top-level scope. */ -}}
{{- define "mastodon.storage.used" -}}
{{- $sets := list -}}
{{- if eq .Values.objectStorage.type "none" }}{{ $sets = append $sets "system" }}{{ end -}}
{{- if eq .Values.postgresql.mode "embedded" }}{{ $sets = append $sets "postgresql" }}{{ end -}}
{{- if eq .Values.redis.mode "embedded" }}{{ $sets = append $sets "redis" }}{{ end -}}
{{- if and .Values.import.database.enabled (eq .Values.import.database.source "file") }}{{ $sets = append $sets "import" }}{{ end -}}
{{- join " " $sets -}}
{{- end -}}

{{- /* Puts the values of a data set into the dict as `block`; prints nothing. */ -}}
{{- define "mastodon.storage.resolve" -}}
{{- $values := .root.Values -}}
{{- $_ := set . "block" (ternary $values.import.database.file.storage (get $values.storage .set) (eq .set "import")) -}}
{{- end -}}

{{- /* The name of the claim. */ -}}
{{- define "mastodon.storage.claim" -}}
{{- include "mastodon.storage.resolve" . -}}
{{- if eq .block.type "existingClaim" -}}
{{- .block.existingClaim -}}
{{- else -}}
{{- .block.claimName | default (printf "%s-%s" (include "mastodon.names.fullname" .root) .set) -}}
{{- end -}}
{{- end -}}

{{- /* The name of the volume of type nfs: volumes have no namespace, so it says both. */ -}}
{{- define "mastodon.storage.volume" -}}
{{- include "mastodon.storage.resolve" . -}}
{{- $default := printf "%s-%s-%s" .root.Release.Namespace (include "mastodon.names.fullname" .root) .set -}}
{{- .block.volumeName | default ($default | trunc 253 | trimSuffix "-") -}}
{{- end -}}

{{- /* What a pod's volume is made from. */ -}}
{{- define "mastodon.storage.source" -}}
{{- include "mastodon.storage.resolve" . -}}
{{- if eq .block.type "emptyDir" -}}
emptyDir: {}
{{- else -}}
persistentVolumeClaim:
  claimName: {{ include "mastodon.storage.claim" . | quote }}
{{- end -}}
{{- end -}}

{{- /* "true" if media lie on a volume that one node at a time can mount. Takes the top-level scope. */ -}}
{{- define "mastodon.storage.oneNode" -}}
{{- $system := .Values.storage.system -}}
{{- if and (eq .Values.objectStorage.type "none") (ne $system.type "emptyDir") (not (has "ReadWriteMany" $system.accessModes)) -}}
true
{{- end -}}
{{- end -}}
