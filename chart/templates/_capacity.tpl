{{- /*
How many connections to PostgreSQL web, streaming and sidekiq hold at most, as JSON: {usual, update}, where
`update` counts the additional pods of a rolling update, too. Autoscaled components have all their pods. Takes
the top-level scope, with the registry.
*/ -}}
{{- define "mastodon.capacity.connections" -}}
{{- $usual := 0 -}}
{{- $update := 0 -}}
{{- range .components -}}
  {{- if .scales -}}
    {{- $pool := include "mastodon.capacity.pool" . | int -}}
    {{- /* Without a number, Kubernetes runs one pod. */ -}}
    {{- $pods := ternary 1 .values.replicas (kindIs "invalid" .values.replicas) | int -}}
    {{- with .values.autoscaling -}}
      {{- if .enabled }}{{ $pods = int .maxReplicas }}{{ end -}}
    {{- end -}}
    {{- $surge := include "mastodon.capacity.surge" (dict "pods" $pods "strategy" .values.strategy) | int -}}
    {{- $usual = add $usual (mul $pods $pool) -}}
    {{- $update = add $update (mul (add $pods $surge) $pool) -}}
  {{- end -}}
{{- end -}}
{{- dict "usual" $usual "update" $update | toJson -}}
{{- end -}}

{{- /* The connections of one pod. Puma's first process has one, too. Takes a component. */ -}}
{{- define "mastodon.capacity.pool" -}}
{{- $pool := (.values.env | default dict).DB_POOL | default .values.databasePool -}}
{{- if eq .component "web" -}}
{{- add1 (mul (max 1 (int .values.workers)) ($pool | default .values.maxThreads)) -}}
{{- else if eq .component "streaming" -}}
{{- /* Mastodon's own default. */ -}}
{{- $pool | default 10 -}}
{{- else -}}
{{- $pool | default .values.concurrency -}}
{{- end -}}
{{- end -}}

{{- /* The additional pods of a rolling update. Takes a dict: `pods`, `strategy`. */ -}}
{{- define "mastodon.capacity.surge" -}}
{{- $surge := (.strategy.rollingUpdate | default dict).maxSurge -}}
{{- if eq .strategy.type "Recreate" -}}
0
{{- else if kindIs "invalid" $surge -}}
{{- /* Kubernetes' own default is a quarter. */ -}}
{{- div (add .pods 3) 4 -}}
{{- else if kindIs "string" $surge -}}
{{- div (add (mul .pods (trimSuffix "%" $surge | int)) 99) 100 -}}
{{- else -}}
{{- $surge -}}
{{- end -}}
{{- end -}}

{{- /* The number in a quantity of Kubernetes such as 1536Mi or 100m; 0 if it has another unit. Takes the quantity. */ -}}
{{- define "mastodon.capacity.number" -}}
{{- $text := include "mastodon.env.text" . -}}
{{- $number := regexFind "^[0-9.]+" $text -}}
{{- mulf $number (get (dict "" 1 "m" 0.001 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "Ki" 1024 "Mi" 1048576
  "Gi" 1073741824 "Ti" 1099511627776) (trimPrefix $number $text) | default 0) -}}
{{- end -}}
