{{- /* What ends every mail with an error, though the pods are ready; all was tried with Mastodon 4.7. */ -}}
{{- define "mastodon.validate.mail" -}}
{{- $smtp := .Values.smtp }}
{{- if and $smtp.server (not $smtp.fromAddress) (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "SMTP_FROM_ADDRESS"))) }}
smtp.fromAddress: required when smtp.server is set, as mail from notifications@localhost is refused elsewhere. Set the sender.
{{- end }}
{{- if and $smtp.bulk.server (not $smtp.server) (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "SMTP_SERVER"))) }}
smtp.server: required when smtp.bulk.server is set, as all other mail needs a server, too. Set it.
{{- end }}
{{- include "mastodon.validate.mailServer" (dict "root" . "path" "smtp" "server" $smtp "prefix" "") }}
{{- include "mastodon.validate.mailServer" (dict "root" . "path" "smtp.bulk" "server" $smtp.bulk "prefix" "BULK_") }}
{{- end -}}

{{- /* Takes a dict: as for "mastodon.env.mailServer", and the block's `path`. */ -}}
{{- define "mastodon.validate.mailServer" -}}
{{- $path := .path }}
{{- $smtp := .server }}
{{- if $smtp.server }}
{{- $password := or $smtp.password.value $smtp.password.existingSecret }}
{{- if and $smtp.login (not $password)
  (not (include "mastodon.validate.hasVariable" (dict "root" .root "name" (printf "%sSMTP_PASSWORD" .prefix)))) }}
{{ $path }}.password: required when {{ $path }}.login is set. Set the password, or remove the login.
{{- end }}
{{- if and $smtp.login (eq $smtp.authMethod "none") }}
{{ $path }}.authMethod: "none" logs in all the same when {{ $path }}.login is set. Remove the login, or this line.
{{- end }}
{{- if and (not $smtp.login) (not (has ($smtp.authMethod | default "") (list "" "none")))
  (not (include "mastodon.validate.hasVariable" (dict "root" .root "name" (printf "%sSMTP_LOGIN" .prefix)))) }}
{{ $path }}.login: required when {{ $path }}.authMethod is "{{ $smtp.authMethod }}". Set the user name, or remove the method.
{{- end }}
{{- if and $smtp.tls (has $smtp.enableStarttls (list "auto" "always")) }}
{{ $path }}.enableStarttls: "{{ $smtp.enableStarttls }}" and {{ $path }}.tls are mutually exclusive. Remove one of them: tls is for port 465, STARTTLS for port 587.
{{- end }}
{{- $port := toString $smtp.port }}
{{- if and $smtp.tls (has $port (list "25" "587")) }}
{{ $path }}.tls: cannot work at port {{ $port }}, where TLS begins later, by STARTTLS. Set {{ $path }}.port to 465, or remove tls.
{{- end }}
{{- if and (not $smtp.tls) (eq $port "465") (not (include "mastodon.validate.hasVariable" (dict "root" .root "name" (printf "%sSMTP_SSL" .prefix)))) }}
{{ $path }}.port: 465 expects TLS from the first byte. Set {{ $path }}.tls to true, or the port to 587.
{{- end }}
{{- end }}
{{- end -}}
