{{- define "mastodon.validate.objectStorage" -}}
{{- $type := .Values.objectStorage.type }}
{{- $stores := .Values.objectStorage }}
{{- range $path, $set := dict "s3.bucket" $stores.s3.bucket "s3.bucketFrom" $stores.s3.bucketFrom.key
  "s3.endpoint" $stores.s3.endpoint "s3.endpointFrom" $stores.s3.endpointFrom.key
  "swift.container" $stores.swift.container "azure.containerName" $stores.azure.containerName }}
{{- $needs := splitList "." $path | first }}
{{- if and $set (ne $type $needs) }}
objectStorage.{{ $path }}: only used when objectStorage.type is {{ $needs }}. Set the type to {{ $needs }}, or remove this line.
{{- end }}
{{- end }}
{{- if ne $type "none" }}
{{- include (printf "mastodon.validate.%s" $type) (dict "root" . "store" (get $stores $type)) }}
{{- end }}
{{- end -}}

{{- /* This one and those below take a dict: `root`, and the block of objectStorage as `store`. */ -}}
{{- define "mastodon.validate.s3" -}}
{{- $s3 := .store }}
{{- $aws := list }}
{{- range $name, $credential := dict "AWS_ACCESS_KEY_ID" $s3.accessKeyId
  "AWS_SECRET_ACCESS_KEY" $s3.secretAccessKey }}
{{- if or $credential.value $credential.existingSecret
  (include "mastodon.validate.hasVariable" (dict "root" $.root "name" $name)) }}
{{- $aws = append $aws $name }}
{{- end }}
{{- end }}
{{- if not (or $s3.bucket $s3.bucketFrom.key) }}
objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.
{{- end }}
{{- if eq (len $aws) 1 }}
objectStorage.s3.{{ ternary "secretAccessKey" "accessKeyId" (has "AWS_ACCESS_KEY_ID" $aws) }}: the other half of the pair is set. Set both, or neither to use the identity of the pods' service account.
{{- end }}
{{- if not (or $s3.aliasHost $s3.hostname) }}
{{- if $s3.endpointFrom.key }}
objectStorage.s3.aliasHost: required when objectStorage.s3.endpointFrom is set, as the chart cannot read there where browsers find media. Set the public host, or objectStorage.s3.hostname to the host of the endpoint.
{{- else if and $s3.regionFrom.key (not $s3.endpoint) }}
objectStorage.s3.aliasHost: required when objectStorage.s3.regionFrom is set, as the chart cannot read there where browsers find media. Set the public host, or objectStorage.s3.hostname to Amazon's host of the region, such as s3.eu-central-1.amazonaws.com.
{{- end }}
{{- end }}
{{- if and $s3.hostname (not (or $s3.endpoint $s3.endpointFrom.key))
  (not (regexMatch "[.]amazonaws[.]com([.]cn)?$" $s3.hostname)) }}
objectStorage.s3.endpoint: required when objectStorage.s3.hostname is not Amazon's, or the media would be sent to Amazon. Set the address of the API, such as https://{{ $s3.hostname }}, or objectStorage.s3.aliasHost in place of the hostname for a CDN in front of Amazon.
{{- end }}
{{- $endpoint := $s3.endpoint | default "" }}
{{- /* Consoles show such addresses. A server of the user's own may well begin with the name of its bucket. */}}
{{- $named := "^https?://(%s[.].+[.](amazonaws[.]com|digitaloceanspaces[.]com|linodeobjects[.]com|scw[.]cloud|your-objectstorage[.]com)|[^/]+[.]r2[.]cloudflarestorage[.]com/%[1]s)/?$" }}
{{- if and $s3.bucket (regexMatch (printf $named (regexQuoteMeta $s3.bucket)) $endpoint) }}
objectStorage.s3.endpoint: has the bucket in it, which Mastodon adds itself: it would be there twice, and old media could not be deleted. Remove it, and set objectStorage.s3.keyPrefix to "{{ $s3.bucket }}" if there are media already.
{{- else if and (urlParse $endpoint).path (ne (urlParse $endpoint).path "/") (not (or $s3.aliasHost $s3.hostname)) }}
objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has a path, as the addresses of media would lack it. Set the public host and path of the bucket.
{{- end }}
{{- if and $s3.overridePathStyle (not (or $s3.endpoint $s3.endpointFrom.key)) }}
objectStorage.s3.overridePathStyle: only used when objectStorage.s3.endpoint is set. Set the endpoint, or remove this line.
{{- end }}
{{- if and (has $s3.permission (list "private" "authenticated-read")) (not $s3.aliasHost) }}
objectStorage.s3.aliasHost: required when objectStorage.s3.permission is {{ $s3.permission }}, as Mastodon never signs the addresses of media and browsers could not read them. Set the host of a proxy that may read the bucket, or objectStorage.s3.permission to "" if the bucket's policy makes objects public.
{{- end }}
{{- if eq $s3.protocol "http" }}
objectStorage.s3.protocol: with "http" no picture is shown, as Mastodon's pages allow only https for media. Put TLS in front of the store, or set objectStorage.s3.aliasHost to a host with TLS, and remove this line.
{{- end }}
{{- if and (hasPrefix "http://" $endpoint) (not $s3.aliasHost)
  (has ($s3.hostname | default "") (list "" (get (urlParse $endpoint) "host"))) }}
objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has no TLS, as browsers load media only by https. Set a host that serves the bucket with TLS.
{{- end }}
{{- end -}}

{{- define "mastodon.validate.swift" -}}
{{- range $key := list "container" "authUrl" "objectUrl" "username" }}
{{- if not (get $.store $key) }}
objectStorage.swift.{{ $key }}: required when objectStorage.type is swift. Set it.
{{- end }}
{{- end }}
{{- if not (or .store.password.value .store.password.existingSecret
  (include "mastodon.validate.hasVariable" (dict "root" .root "name" "SWIFT_PASSWORD"))) }}
objectStorage.swift.password: required when objectStorage.type is swift. Set the password of objectStorage.swift.username.
{{- end }}
{{- end -}}

{{- define "mastodon.validate.azure" -}}
{{- range $key := list "storageAccount" "containerName" }}
{{- if not (get $.store $key) }}
objectStorage.azure.{{ $key }}: required when objectStorage.type is azure. Set its name.
{{- end }}
{{- end }}
{{- if not .store.aliasHost }}
objectStorage.azure.aliasHost: required when objectStorage.type is azure, as Mastodon's pages allow media only from a host that is set. Set the public host of the container.
{{- end }}
{{- if not (or .store.storageAccessKey.value .store.storageAccessKey.existingSecret
  (include "mastodon.validate.hasVariable" (dict "root" .root "name" "AZURE_STORAGE_ACCESS_KEY"))) }}
objectStorage.azure.storageAccessKey: required when objectStorage.type is azure. Set an access key of the account.
{{- end }}
{{- end -}}
