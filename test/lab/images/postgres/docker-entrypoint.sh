#!/usr/bin/env bash
# At the first start: creates a data directory, a role and a database, and runs the files in /docker-entrypoint-initdb.d.
set -euo pipefail

# value_of NAME [default]: prints the variable, or the content of the file that NAME_FILE names
value_of() {
  local file=${1}_FILE
  [ -z "${!1:-}" ] || [ -z "${!file:-}" ] || { echo "error: $1 and $file are both set" >&2; exit 1; }
  if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-${2:-}}"; fi
}

start_as_root() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA"
  find "$PGDATA" \! -user postgres -exec chown postgres {} +
  find /var/run/postgresql \! -user postgres -exec chown postgres {} +
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
}

initialise() {
  umask 0077
  local user password database socket
  user=$(value_of POSTGRES_USER postgres)
  password=$(value_of POSTGRES_PASSWORD)
  database=$(value_of POSTGRES_DB "$user")
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    echo '       Set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE to a non-empty value.' >&2
    exit 1
  fi
  if ! getent passwd "$(id -u)" >/dev/null; then
    nss_dir=$(mktemp -d)
    echo "postgres:x:$(id -u):$(id -g)::$PGDATA:/bin/false" >"$nss_dir/passwd"
    echo "postgres:x:$(id -g):" >"$nss_dir/group"
    export NSS_WRAPPER_PASSWD=$nss_dir/passwd NSS_WRAPPER_GROUP=$nss_dir/group LD_PRELOAD=libnss_wrapper.so
  fi
  local arguments=()
  eval "arguments=(${POSTGRES_INITDB_ARGS:-})"
  [ -z "${POSTGRES_INITDB_WALDIR:-}" ] || arguments+=(--waldir "$POSTGRES_INITDB_WALDIR")
  initdb --username="$user" --pwfile=<(printf '%s\n' "$password") "${arguments[@]}"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" "$PGDATA/postgresql.conf"

  pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses='' -p ${PGPORT:-5432}" >/dev/null
  socket=(psql -v ON_ERROR_STOP=1 --username "$user" --no-password --no-psqlrc)
  export PGPASSWORD=$password
  [ "$database" = postgres ] || "${socket[@]}" --dbname postgres --set db="$database" <<<'CREATE DATABASE :"db";'
  run_scripts "$user" "$database"
  pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
  unset PGPASSWORD LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
  echo 'PostgreSQL init process complete; ready for start up.'
}

run_scripts() {
  local file run=(psql -v ON_ERROR_STOP=1 --username "$1" --no-password --no-psqlrc --dbname "$2")
  export POSTGRES_USER=$1 POSTGRES_DB=$2
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) "${run[@]}" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${run[@]}" ;;
    esac
  done
}

[ "${1:0:1}" = - ] && set -- postgres "$@"
if [ "${1:-}" = postgres ]; then
  [ "$(id -u)" = 0 ] && start_as_root "$@"
  mkdir -p "$PGDATA"
  chmod 0700 "$PGDATA" || true
  [ -s "$PGDATA/PG_VERSION" ] || initialise
fi
exec "$@"
