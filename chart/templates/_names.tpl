{{- /* Names of objects. All take the top-level scope unless they say otherwise. */ -}}

{{- /* What all names begin with. 34 characters leave room for `-sidekiq-` and a worker. */ -}}
{{- define "mastodon.names.fullname" -}}
{{- $name := include "mastodon.labels.name" . -}}
{{- $long := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $long | trunc 34 | trimSuffix "-" -}}
{{- end -}}

{{- /* A component's objects. Takes a dict: `root`, `component` and its `values`. */ -}}
{{- define "mastodon.names.component" -}}
{{- $name := printf "%s-%s" (include "mastodon.names.fullname" .root) .component -}}
{{- .values.name | default $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The headless Service of a database's StatefulSet. Takes the component. */ -}}
{{- define "mastodon.names.headless" -}}
{{- .name | trunc 54 | trimSuffix "-" }}-headless
{{- end -}}

{{- /* ConfigMap and Secret: the environment of all Ruby processes. */ -}}
{{- define "mastodon.names.env" -}}
{{- include "mastodon.names.fullname" . }}-env
{{- end -}}

{{- /* ConfigMap and Secret: the environment of streaming. */ -}}
{{- define "mastodon.names.streamingEnv" -}}
{{- include "mastodon.names.fullname" . }}-streaming-env
{{- end -}}

{{- /* Secret: the databases' passwords in the values. */ -}}
{{- define "mastodon.names.databases" -}}
{{- include "mastodon.names.fullname" . }}-databases
{{- end -}}

{{- /* Secret: the embedded databases' passwords that are generated in the cluster. */ -}}
{{- define "mastodon.names.passwords" -}}
{{- include "mastodon.names.fullname" . }}-passwords
{{- end -}}

{{- /* Secret: the instance's keys, generated in the cluster unless the user has one. */ -}}
{{- define "mastodon.names.keys" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-keys" (include "mastodon.names.fullname" .)) -}}
{{- end -}}

{{- /* Secret: name, address and password of the administrator. */ -}}
{{- define "mastodon.names.admin" -}}
{{- include "mastodon.names.fullname" . }}-admin
{{- end -}}

{{- /* Secret: the key of the onion service that is generated in the cluster. */ -}}
{{- define "mastodon.names.onion" -}}
{{- include "mastodon.names.fullname" . }}-onion
{{- end -}}

{{- /* ConfigMap: the programs of init containers and Jobs. */ -}}
{{- define "mastodon.names.scripts" -}}
{{- include "mastodon.names.fullname" . }}-scripts
{{- end -}}

{{- /* ConfigMap: the files of the embedded PostgreSQL. */ -}}
{{- define "mastodon.names.postgresqlFiles" -}}
{{- include "mastodon.names.fullname" . }}-postgresql
{{- end -}}

{{- /* The Cluster of CloudNativePG; the operator's names begin with it. */ -}}
{{- define "mastodon.names.cloudnativepg" -}}
{{- include "mastodon.names.component" (dict "root" . "component" "cloudnativepg" "values" .Values.postgresql) -}}
{{- end -}}

{{- /* Its Pooler, whose Service has the same name. */ -}}
{{- define "mastodon.names.pooler" -}}
{{- include "mastodon.names.cloudnativepg" . }}-pooler
{{- end -}}

{{- /* Where its backups go to. */ -}}
{{- define "mastodon.names.objectStore" -}}
{{- .Values.postgresql.cloudnativepg.backup.existingObjectStore
  | default (printf "%s-backup" (include "mastodon.names.cloudnativepg" .)) -}}
{{- end -}}
