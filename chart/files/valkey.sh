# Settings go into a file, as arguments can be read by everybody on the node; a password may hold any character.
umask 077
printf '%s\n' "$SETTINGS" >/tmp/valkey.conf
printf '%s' "$REDISCLI_AUTH" | sed 's/[\\"]/\\&/g; s/^/requirepass "/; s/$/"/' >>/tmp/valkey.conf
exec valkey-server /tmp/valkey.conf "$@"
