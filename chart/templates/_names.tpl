{{- /*
Names of objects. All take the context of a component, a dict:
  root       the top-level scope
  component  the component, for example "web" or "sidekiq-all"
  own        the component's values as the user wrote them
*/ -}}

{{- /* The value of the label app.kubernetes.io/name. Takes the top-level scope. */ -}}
{{- define "mastodon.names.chart" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The beginning of all names. Takes the top-level scope and keeps it there. 34 characters leave room for `-sidekiq-` and a worker. */ -}}
{{- define "mastodon.names.fullname" -}}
{{- if not (hasKey . "fullname") -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $long := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- $_ := set . "fullname" (.Values.fullnameOverride | default $long | trunc 34 | trimSuffix "-") -}}
{{- end -}}
{{- .fullname -}}
{{- end -}}

{{- /* A component's objects. */ -}}
{{- define "mastodon.names.component" -}}
{{- .own.name | default (printf "%s-%s" (include "mastodon.names.fullname" .root) .component) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The headless Service of a database's StatefulSet. */ -}}
{{- define "mastodon.names.headless" -}}
{{- include "mastodon.names.component" . | trunc 54 | trimSuffix "-" }}-headless
{{- end -}}

{{- /* ConfigMap and Secret: the environment of every Ruby process. */ -}}
{{- define "mastodon.names.env" -}}
{{- include "mastodon.names.fullname" . }}-env
{{- end -}}

{{- /* ConfigMap: the environment of streaming. */ -}}
{{- define "mastodon.names.streamingEnv" -}}
{{- include "mastodon.names.fullname" . }}-streaming-env
{{- end -}}

{{- /* Secret: passwords of the databases that stand in the values. */ -}}
{{- define "mastodon.names.databases" -}}
{{- include "mastodon.names.fullname" . }}-databases
{{- end -}}

{{- /* Secret: passwords of the embedded databases, generated in the cluster. */ -}}
{{- define "mastodon.names.passwords" -}}
{{- include "mastodon.names.fullname" . }}-passwords
{{- end -}}

{{- /* Secret: the instance's keys, generated in the cluster unless the user has one. */ -}}
{{- define "mastodon.names.keys" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-keys" (include "mastodon.names.fullname" .)) -}}
{{- end -}}

{{- /* ConfigMap: the programs of init containers and Jobs. */ -}}
{{- define "mastodon.names.scripts" -}}
{{- include "mastodon.names.fullname" . }}-scripts
{{- end -}}

{{- /* Secret: name, address and password of the administrator. */ -}}
{{- define "mastodon.names.admin" -}}
{{- include "mastodon.names.fullname" . }}-admin
{{- end -}}
