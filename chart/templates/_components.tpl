{{- /*
The registry: everything that this release runs, built once per render and kept as `$.components`. Prints
nothing. Every template begins with it, then picks a component or loops. It maps a component's name, as in its
labels ("web", "sidekiq-all", "migrate"), to a dict. What "mastodon.components.list" says about a component;
only `path` is required:

  path            its place in the values
  worker          for a worker of Sidekiq, its place in the list
  like            whose image and user it has unless it has its own: "mastodon" or "postgresql"; "redis" for a
                  server that takes all common keys from there
  tag             what replaces an empty tag of its image; by default this version of Mastodon
  reads           the environment of its pods: "ruby" or "node"; by default they read none
  port            the port that its Service leads to: {name, number}; without it nobody connects to its pods
  mounts          the data sets of _storage.tpl that its pods mount
  scales          whether it is a Deployment
  strategy        how its new pods must replace the old ones, whatever the values say
  isDatabase      whether it is a server that only pods of this release may reach
  serves          of a database, the environment whose readers alone may reach it; by default all of the release
  isJob           whether its pods end
  account         the component whose account its pods use, and whose token they get
  rules           what that account may do, as in a Role; on the component that has the account
  hook            the annotations that make it a hook

What "mastodon.components" adds:

  root            the top-level scope
  component       its name
  fullname        what the names of all objects begin with
  name            the name of its objects
  selector        the labels that select its pods
  levels          where its values come from, the widest first: a list of {path, values}
  values          its values, complete; the user's containers have the chart's security context
  image           the reference of its image
  connections     the connections to the databases, see _connections.tpl
  environment     what all its containers read, see _environments.tpl
  variables       what only its main container reads: a map from names to text
  volumes         a map from what it `mounts` to the source of the volume
  oneNode         whether its pods share a volume that only one node can mount
  replicated      whether it runs, or may run, more than one pod
  budget          whether it has a PodDisruptionBudget
  serviceAccount  {name, create, annotations}: its account; `create` if the chart makes one for it only
*/ -}}
{{- define "mastodon.components" -}}
{{- if not (hasKey . "components") -}}
{{- $_ := set . "components" dict -}}
{{- $values := .Values -}}
{{- $connections := include "mastodon.connections" . | fromJson -}}
{{- $scope := dict "root" . "connections" $connections -}}
{{- $like := dict "mastodon" (pick $values.mastodon "image")
  "postgresql" (pick $values.postgresql "image" "podSecurityContext")
  "redis" (omit $values.redis "name" "service" "cache" "sidekiq") -}}
{{- $environments := include "mastodon.env.environments" $scope | fromJson -}}
{{- range $component, $entry := include "mastodon.components.list" $scope | fromYaml -}}
  {{- /* Variables of `pod` are for Mastodon's programs, not for databases and helpers. */ -}}
  {{- $pod := ternary $values.pod (omit $values.pod "env" "envFrom") (hasKey $entry "reads") -}}
  {{- $levels := list (dict "path" "pod" "values" $pod) -}}
  {{- with $entry.like }}{{ $levels = append $levels (dict "path" . "values" (get $like .)) }}{{ end -}}
  {{- $own := $values -}}
  {{- if hasKey $entry "worker" -}}
    {{- $levels = append $levels (dict "path" "sidekiq" "values" (omit $values.sidekiq "workers")) -}}
    {{- $own = omit (index $values.sidekiq.workers (int $entry.worker)) "name" -}}
  {{- else -}}
    {{- range splitList "." $entry.path }}{{ $own = get $own . }}{{ end -}}
  {{- end -}}
  {{- $_ := set $entry "root" $ -}}
  {{- $_ = set $entry "component" $component -}}
  {{- $_ = set $entry "levels" (append $levels (dict "path" $entry.path "values" $own)) -}}
  {{- $_ = set $entry "connections" $connections -}}
  {{- $_ = set $entry "environment" (get $environments ($entry.reads | default "none")) -}}
  {{- include "mastodon.components.complete" $entry -}}
  {{- $facilities := get $environments.processes (splitList "." $entry.path | first) -}}
  {{- $_ = set $entry "variables" dict -}}
  {{- if $facilities -}}
    {{- $_ = set $entry "variables" (include "mastodon.env.texts" (dict "values" $entry.values
      "facilities" $facilities) | fromJson).ruby -}}
  {{- end -}}
  {{- $_ = set $.components $component $entry -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Sets the keys of an entry that follow from the others; called by the registry only. */ -}}
{{- define "mastodon.components.complete" -}}
{{- $root := .root -}}
{{- $fullname := include "mastodon.names.fullname" $root -}}
{{- include "mastodon.components.values" . -}}
{{- $values := .values -}}
{{- $autoscaling := $values.autoscaling | default dict -}}
{{- $volumes := dict -}}
{{- range .mounts -}}
  {{- $_ := set $volumes . (include "mastodon.storage.source" (dict "root" $root "set" .) | fromYaml) -}}
{{- end -}}
{{- $_ := set . "fullname" $fullname -}}
{{- $_ = set . "name" (include "mastodon.names.component" (dict "root" $root "component" .component
  "values" $values)) -}}
{{- $_ = set . "selector" (dict
  "app.kubernetes.io/name" (include "mastodon.labels.name" $root)
  "app.kubernetes.io/instance" $root.Release.Name
  "app.kubernetes.io/component" .component) -}}
{{- $tag := .tag | default (printf "v%s" $root.Chart.AppVersion) -}}
{{- $_ = set . "image" (include "mastodon.components.image" (dict "root" $root "image" $values.image
  "tag" $tag)) -}}
{{- $_ = set . "volumes" $volumes -}}
{{- $_ = set . "oneNode" (and (hasKey $volumes "system")
  (eq (include "mastodon.storage.oneNode" $root) "true")) -}}
{{- $_ = set . "replicated" (or (eq (toString $autoscaling.enabled) "true") (gt (int $values.replicas) 1)) -}}
{{- /*
Pods that share a volume of one node can't move one by one: a budget would keep that node from being drained.
*/ -}}
{{- $budget := ($values.pdb | default dict).enabled -}}
{{- $_ = set . "budget" (and .scales (ternary $budget (and .replicated (not .oneNode)) (kindIs "bool" $budget))) -}}
{{- $_ = set . "serviceAccount" (include "mastodon.components.serviceAccount" . | fromJson) -}}
{{- end -}}

{{- /*
An image's reference. Takes `root`, the `image` block, and as `tag` what replaces an empty one.
*/ -}}
{{- define "mastodon.components.image" -}}
{{- with .root.Values.image.registry | default .image.registry }}{{ . }}/{{ end -}}
{{- .image.repository -}}
{{- if or .image.tag (not .image.digest) }}:{{ .image.tag | default .tag }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{- /*
A component's account, as JSON. The narrowest block below `pod` that names one is used as a whole.
*/ -}}
{{- define "mastodon.components.serviceAccount" -}}
{{- $shared := .root.Values.pod.serviceAccount -}}
{{- $own := dict -}}
{{- range rest .levels }}{{ with .values.serviceAccount }}{{ $own = . }}{{ end }}{{ end -}}
{{- $name := $shared.name | default "default" -}}
{{- if $shared.create }}{{ $name = $shared.name | default .fullname }}{{ end -}}
{{- if .account -}}
  {{- /* What tells a cloud who the pods are, for their access to a bucket. */ -}}
  {{- $annotations := ternary $shared.annotations dict (hasKey . "reads") -}}
  {{- $own = dict "create" (eq .account .component) "name" (printf "%s-%s" .fullname .account)
    "annotations" $annotations -}}
{{- end -}}
{{- if $own.create }}{{ $name = .name }}{{ end -}}
{{- $name = $own.name | default $name -}}
{{- dict "name" $name "create" $own.create "annotations" $own.annotations | toJson -}}
{{- end -}}
