{{- /*
The hook annotations of an account and its rights, as JSON: those of a hook must exist before its pod. Takes
the component.
*/ -}}
{{- define "mastodon.access.hook" -}}
{{- ternary (merge (dict "helm.sh/hook-weight" "-10") (.hook | default dict)) dict (hasKey . "hook")
  | toJson -}}
{{- end -}}
