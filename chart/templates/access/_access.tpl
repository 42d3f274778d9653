{{- /*
The hook annotations of an account and its rights, as JSON: a hook's must be there before its pod. Takes the
component.
*/ -}}
{{- define "mastodon.access.hook" -}}
{{- ternary (merge (dict "helm.sh/hook-weight" "-10") (.hook | default dict)) dict (hasKey . "hook") | toJson -}}
{{- end -}}
