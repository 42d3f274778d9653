# The two servers: connections to them, what they complain about, and how long they are waited for.
# Read by import-database.sh.

# What an address leaves out is in the variables, as for Rails.
target() {
  local program=$1
  shift
  env PGHOST="${DB_HOST:-}" PGPORT="${DB_PORT:-}" PGDATABASE="${DB_NAME:-}" PGUSER="${DB_USER:-}" \
    PGPASSWORD="${DB_PASS:-}" PGSSLMODE="${DB_SSLMODE:-prefer}" \
    ${DB_SSLROOTCERT:+PGSSLROOTCERT="${DB_SSLROOTCERT:-}"} \
    PGSSLCERT="${DB_SSLCERT:-}" PGSSLKEY="${DB_SSLKEY:-}" "$program" ${DB_URL:+-d "${DB_URL:-}"} "$@"
}
place="${DB_NAME:-} at ${DB_HOST:-}:${DB_PORT:-}"
[ -z "${DB_URL:-}" ] || place='at the address in postgresql.url'
old() {
  env PGHOST="$OLD_HOST" PGPORT="$OLD_PORT" PGDATABASE="$OLD_DATABASE" PGUSER="$OLD_USER" PGPASSWORD="${OLD_PASSWORD:-}" \
    PGSSLMODE="$OLD_SSLMODE" ${OLD_SSLROOTCERT:+PGSSLROOTCERT="${OLD_SSLROOTCERT:-}"} \
    PGOPTIONS='-c statement_timeout=0 -c idle_in_transaction_session_timeout=0' "$@"
}
ask_target() { target psql -qAtXw -v ON_ERROR_STOP=1 "$@"; }

# What a program of PostgreSQL complained about, in one line, without rows of the data.
complaint() {
  grep -aE 'ERROR|FATAL|PANIC|error:|fatal:|detail:|could not|failed' "$1" | grep -av 'WARNING:' | head -n 3 |
    sed -E 's/^(psql|pg_dump|pg_restore): //; s/^psql:[^ ]* //; s/^(error|fatal|detail|ERROR|FATAL): +//' |
    tr '\t\n' '  ' | sed -E 's/ +/ /g; s/[. ]+$//'
}

connects() { "$1" psql -qAtXw -c 'SELECT 1' >/dev/null 2>"$work/connect"; }

# True if the server answered and said no, in a way that waiting does not change.
turned_away() {
  grep -qE 'FATAL|no password supplied|certificate|does not support SSL' "$work/connect" &&
    ! grep -qE 'starting up|shutting down|recovery|not yet accepting|too many|remaining connection slots|terminating' "$work/connect"
}

await_target() {
  local told=''
  until connects target; do
    [ -n "$told" ] || echo "Waiting for the database: $(complaint "$work/connect")"
    told=yes
    # Patience: during an upgrade the server may still be the one with the password of before.
    if turned_away && ((SECONDS > 60)); then
      refuse "The database $place rejects the import ($(complaint "$work/connect")). Correct postgresql.* in the values."
    fi
    sleep 2
  done
}

await_old() {
  local began=$SECONDS told='' where="$OLD_HOST:$OLD_PORT"
  [ -n "$OLD_HOST" ] || refuse 'import.database.server.host is empty. Set it to the host of the old PostgreSQL.'
  until connects old; do
    turned_away &&
      refuse "The old server $where rejects user $OLD_USER for database $OLD_DATABASE ($(complaint "$work/connect")). Correct import.database.server and its password, $again_by."
    ((SECONDS - began < patience)) ||
      refuse "The old server $where cannot be reached ($(complaint "$work/connect")). Check that it runs and listens on that address, and that firewalls and network policies let this pod in, $again_by."
    [ -n "$told" ] || echo "Waiting for the old server $where: $(complaint "$work/connect")"
    told=yes
    sleep 3
  done
}
