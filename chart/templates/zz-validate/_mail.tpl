{{- /* What ends every mail with an error, though the pods are ready; all was tried with Mastodon 4.7. */ -}}
{{- define "mastodon.validate.mail" -}}
{{- $smtp := .Values.smtp }}
{{- if $smtp.server }}
{{- if not (or $smtp.fromAddress (include "mastodon.validate.hasVariable" (dict "root" . "name" "SMTP_FROM_ADDRESS"))) }}
smtp.fromAddress: required when smtp.server is set, as mail from notifications@localhost is refused elsewhere. Set the sender.
{{- end }}
{{- $password := or $smtp.password.value $smtp.password.existingSecret }}
{{- if and $smtp.login (not $password) (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "SMTP_PASSWORD"))) }}
smtp.password: required when smtp.login is set. Set the password, or remove the login.
{{- end }}
{{- if and $smtp.login (eq $smtp.authMethod "none") }}
smtp.authMethod: "none" logs in all the same when smtp.login is set. Remove the login, or this line.
{{- end }}
{{- if and (not $smtp.login) (not (has ($smtp.authMethod | default "") (list "" "none")))
  (not (include "mastodon.validate.hasVariable" (dict "root" . "name" "SMTP_LOGIN"))) }}
smtp.login: required when smtp.authMethod is "{{ $smtp.authMethod }}". Set the user name, or remove the method.
{{- end }}
{{- if and $smtp.tls (has $smtp.enableStarttls (list "auto" "always")) }}
smtp.enableStarttls: "{{ $smtp.enableStarttls }}" and smtp.tls are mutually exclusive. Remove one of them: tls is for port 465, STARTTLS for port 587.
{{- end }}
{{- end }}
{{- end -}}
