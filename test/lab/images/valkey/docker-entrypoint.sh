#!/bin/sh
# Options or a configuration file are arguments for valkey-server, which root starts as the user valkey.
set -e
case ${1:-} in -* | *.conf) set -- valkey-server "$@" ;; esac
if [ "${1:-}" = valkey-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user valkey -exec chown valkey {} +
  exec setpriv --reuid valkey --regid valkey --clear-groups "$0" "$@"
fi
[ "$(umask)" = 0022 ] && umask 0077
exec "$@"
