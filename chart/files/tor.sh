# Tor insists on directories of its own that nobody else can read; those of a Secret and of an emptyDir are not.
set -eu
umask 077
mkdir -p /tmp/tor/service
cp /key/* /tmp/tor/service/
printf '%s\n' "$SETTINGS" >/tmp/tor/torrc
exec tor -f /tmp/tor/torrc "$@"
