{{- define "mastodon.validate.objectStorage" -}}
{{- $s3 := .Values.objectStorage.s3 }}
{{- if eq .Values.objectStorage.type "s3" }}
{{- if not $s3.bucket }}
objectStorage.s3.bucket: required when objectStorage.type is s3. Set the bucket's name.
{{- end }}
{{- if and $s3.hostname (not $s3.endpoint) (not (regexMatch "[.]amazonaws[.]com([.]cn)?$" $s3.hostname)) }}
objectStorage.s3.endpoint: required when objectStorage.s3.hostname is not Amazon's, or the media would be sent to Amazon. Set the address of the API, such as https://{{ $s3.hostname }}, or objectStorage.s3.aliasHost in place of the hostname for a CDN in front of Amazon.
{{- end }}
{{- if eq $s3.protocol "http" }}
objectStorage.s3.protocol: with "http" no picture is shown, as Mastodon's pages allow only https for media. Put TLS in front of the store, or set objectStorage.s3.aliasHost to a host with TLS, and remove this line.
{{- end }}
{{- $endpoint := $s3.endpoint | default "" }}
{{- if and (hasPrefix "http://" $endpoint) (not $s3.aliasHost)
  (has ($s3.hostname | default "") (list "" (get (urlParse $endpoint) "host"))) }}
objectStorage.s3.aliasHost: required when objectStorage.s3.endpoint has no TLS, as browsers load media only by https. Set a host that serves the bucket with TLS.
{{- end }}
{{- end }}
{{- end -}}
