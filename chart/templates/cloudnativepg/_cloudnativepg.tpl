{{- /*
A PostgreSQL that CloudNativePG runs. The component `cloudnativepg` is its Cluster; the pods are the operator's.
*/ -}}

{{- define "mastodon.cloudnativepg.plugin" -}}
barman-cloud.cloudnative-pg.io
{{- end -}}

{{- /* The connection, as in _connections.tpl. Takes the top-level scope. */ -}}
{{- define "mastodon.connections.cloudnativepg" -}}
{{- $postgresql := .Values.postgresql -}}
{{- $cnpg := $postgresql.cloudnativepg -}}
{{- $cluster := include "mastodon.names.cloudnativepg" . -}}
{{- $app := printf "%s-app" $cluster -}}
{{- range $cnpg.spec.bootstrap }}{{ with (. | default dict).secret }}{{ $app = .name }}{{ end }}{{ end -}}
{{- $authority := dict "existingSecret" (printf "%s-ca" $cluster) "key" "ca.crt" -}}
{{- with $cnpg.spec.certificates }}{{ with .serverCASecret }}{{ $_ := set $authority "existingSecret" . }}{{ end }}{{ end -}}
inRelease: false
operator: true
host: {{ ternary (include "mastodon.names.pooler" .) (printf "%s-rw" $cluster) $cnpg.pooler.enabled | quote }}
port: 5432
database: {{ $postgresql.database | quote }}
user: {{ $postgresql.user | quote }}
password: {valueFrom: {secretKeyRef: {name: {{ $app | quote }}, key: password}}}
superuser: {}
elsewhere: [DATABASE_URL, PRIMARY_DATABASE_URL]
{{- /* Its certificates name its Services. */}}
sslMode: verify-full
certificates: {postgresql-ca: {{ include "mastodon.certificates.authority" $authority }}}
rootCertificate: /etc/postgresql-ca/ca.crt
direct: {{ ternary (dict "host" (printf "%s-rw" $cluster)) dict $cnpg.pooler.enabled | toJson }}
peers: [{podSelector: {matchLabels: {cnpg.io/cluster: {{ $cluster | quote }}}}}]
{{- if $cnpg.readReplicas }}
replica:
  host: {{ $cluster }}-ro
  port: 5432
  database: {{ $postgresql.database | quote }}
  user: {{ $postgresql.user | quote }}
  password: {valueFrom: {secretKeyRef: {name: {{ $app | quote }}, key: password}}}
{{- end }}
{{- end -}}

{{- /* `spec.affinity`, which has words of its own. Takes the component. */ -}}
{{- define "mastodon.cloudnativepg.affinity" -}}
{{- $affinity := .values.affinity | default dict -}}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $ours, $theirs := dict "nodeAffinity" "nodeAffinity" "podAffinity" "additionalPodAffinity"
  "podAntiAffinity" "additionalPodAntiAffinity" }}
{{- with get $affinity $ours }}
{{ $theirs }}: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- /*
`spec.bootstrap`: a new database, to which the user may add, or the user's other way to one. Each leads to the
database and the role that Mastodon connects to. Takes the component.
*/ -}}
{{- define "mastodon.cloudnativepg.bootstrap" -}}
{{- $ours := pick .values "database" -}}
{{- $_ := set $ours "owner" .values.user -}}
{{- $bootstrap := deepCopy (.values.cloudnativepg.spec.bootstrap | default (dict "initdb" dict)) -}}
{{- range $method, $block := $bootstrap }}{{ $_ = set $bootstrap $method (merge ($block | default dict) $ours) }}{{ end -}}
{{- if $bootstrap.initdb -}}
  {{- /* Without a locale, PostgreSQL would not know the lower case of letters beyond ASCII. */ -}}
  {{- $defaults := dict "encoding" "UTF8" "localeCollate" "C.UTF-8" "localeCType" "C.UTF-8" "dataChecksums" true -}}
  {{- $_ = set $bootstrap "initdb" (mergeOverwrite $defaults $bootstrap.initdb) -}}
{{- end -}}
{{- toYaml $bootstrap -}}
{{- end -}}

{{- /* `spec` of the Cluster, without what the user adds to it. Takes the component. */ -}}
{{- define "mastodon.cloudnativepg.cluster" -}}
{{- $root := .root -}}
{{- $cnpg := .values.cloudnativepg -}}
{{- $storage := $root.Values.storage.postgresql -}}
{{- $plugins := list -}}
{{- if $cnpg.backup.enabled -}}
  {{- $plugins = list (dict "name" (include "mastodon.cloudnativepg.plugin" .) "isWALArchiver" true
    "parameters" (dict "barmanObjectName" (include "mastodon.names.objectStore" $root))) -}}
{{- end -}}
instances: {{ $cnpg.instances }}
{{- with $cnpg.imageName }}
imageName: {{ . | quote }}
{{- end }}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
storage:
  size: {{ $storage.size | quote }}
  {{- with $storage.storageClassName | default $root.Values.storage.storageClassName }}
  storageClass: {{ . | quote }}
  {{- end }}
bootstrap: {{- include "mastodon.cloudnativepg.bootstrap" . | nindent 2 }}
{{- with .values.settings }}
postgresql:
  parameters:
    {{- range $key, $value := . }}
    {{ $key }}: {{ include "mastodon.env.text" $value | quote }}
    {{- end }}
{{- end }}
{{- with include "mastodon.cloudnativepg.affinity" . }}
affinity: {{- . | nindent 2 }}
{{- end }}
{{- range $key, $value := pick .values "resources" "topologySpreadConstraints" "priorityClassName" }}
{{- with $value }}
{{ dict $key . | toYaml }}
{{- end }}
{{- end }}
{{- if $cnpg.pooler.enabled }}
certificates:
  # The Pooler has the server's certificate.
  serverAltDNSNames: [{{ include "mastodon.names.pooler" $root | quote }}]
{{- end }}
{{- with concat $plugins ($cnpg.spec.plugins | default list) }}
plugins: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
