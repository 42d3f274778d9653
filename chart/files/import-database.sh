#!/usr/bin/env bash
# Brings an old instance's database into the empty one: all of it, in one transaction, or nothing. The note that it
# happened is a row of that transaction, so a second run does nothing.
set -uo pipefail

here=$(dirname "$0")
work=$(mktemp -d)
trap 'trap "" TERM; kill -TERM 0; exit 143' TERM
export LC_ALL=C PGCONNECT_TIMEOUT=5 PGAPPNAME=mastodon-import PGTZ=UTC

again_by='then raise jobs.importDatabase.generation and upgrade'
patience=${OLD_SERVER_PATIENCE:-120}

finish() {
  echo "$2" | tee /dev/termination-log >&2
  exit "$1"
}
# The Job ends at this code: no retry helps.
refuse() { finish 42 "$1"; }
# The next pod of the Job tries again.
retry() { finish 1 "$1 The Job tries again."; }

. "$here/import-database-servers.sh"

# Prints "imported ..." if that happened, otherwise the names of tables that are in the way.
state_of_target() {
  ask_target <<'SQL'
SELECT pg_catalog.to_regclass('public.ar_internal_metadata') IS NOT NULL AS notes \gset
\if :notes
SELECT 'imported ' || value FROM public.ar_internal_metadata WHERE key = 'mastodon_chart.import';
\endif
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
AND tablename <> 'ar_internal_metadata' ORDER BY 1 LIMIT 3;
SQL
}

# Ends if the import is done already, or if there is something that it would mix with.
look_at_target() {
  local found first attempt=1
  until found=$(state_of_target 2>"$work/state") &&
    ask_target -c 'SELECT name FROM pg_catalog.pg_settings' >"$work/known" 2>"$work/state"; do
    ((attempt++ < 10)) || retry "The database $place could not be examined ($(complaint "$work/state"))."
    sleep 3
  done
  case $found in
    'imported '*)
      first=${found%%$'\n'*}
      echo "The database was imported before (${first#imported }). Nothing to do."
      exit 0
      ;;
    ?*)
      refuse "The database $place is not empty (tables ${found//$'\n'/, } ...), so nothing was imported. Set import.database.enabled to false to keep what is there, or uninstall, delete the database or its claim, and install again."
      ;;
  esac
}

# The path of the dump; ends with the reason if there is none that can be read. Sets `format`.
look_at_file() {
  local path=$1 magic
  [ -n "${FILE_PATH#/}" ] || refuse 'import.database.file.path is empty. Set it to the path of the dump inside the volume.'
  [ -e "$path" ] ||
    refuse "There is no file '${FILE_PATH#/}' on the volume of the dump (import.database.file); it has: $(ls -A "${path%"${FILE_PATH#/}"}" 2>&1 | head -n 8 | paste -sd' '). Correct import.database.file.path, or copy the dump there, $again_by."
  [ ! -d "$path" ] || refuse "'${FILE_PATH#/}' is a directory. Make a dump in plain or custom format (pg_dump -Fc)."
  [ -r "$path" ] ||
    refuse "User $(id -u) may not read the dump '${FILE_PATH#/}'. Allow it (chmod o+r, and o+x for its directories), $again_by."
  magic=$(head -c 5 "$path" | od -An -tx1 | tr -d ' \n')
  case $magic in
    5047444d50) format=custom ;; # PGDMP
    1f8b* | 28b52ffd* | 425a68* | fd377a58*) refuse "The dump '${FILE_PATH#/}' is compressed. Unpack it (gunzip, unzstd, ...), or make one with pg_dump -Fc." ;;
    '') refuse "The dump '${FILE_PATH#/}' is empty. Make a new one." ;;
    *) format=plain ;;
  esac
}

# Opens a transaction on the old server, so that the dump and the counts see the same rows.
open_snapshot() {
  coproc OLD { old psql -qAtXw -F $'\t' -v ON_ERROR_STOP=1 2>"$work/snapshot.err"; }
  exec {from_old}<&"${OLD[0]}" {to_old}>&"${OLD[1]}"
  echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.pg_export_snapshot();" >&"$to_old"
  IFS= read -r snapshot <&"$from_old" || retry "The old server provided no snapshot ($(complaint "$work/snapshot.err"))."
  cat >&"$to_old" <<'SQL'
SELECT pg_catalog.set_config('search_path', '', false) \g /dev/null
SELECT format('SELECT %L, count(*) FROM ONLY %s', oid::pg_catalog.regclass, oid::pg_catalog.regclass) FROM pg_catalog.pg_class c
WHERE relkind = 'r' AND relpersistence <> 't'
AND relnamespace NOT IN ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE classid = 'pg_class'::pg_catalog.regclass AND objid = c.oid AND deptype = 'e')
\gexec
SQL
}

# The rows that the old server counted, as a list of SQL values.
counts_of_old() {
  printf '\\echo complete\n\\q\n' >&"$to_old"
  cat <&"$from_old" >"$work/old-counts"
  [ "$(tail -n 1 "$work/old-counts")" = complete ] || return 1
  sed "\$d; s/'/''/g; s/^\(.*\)\t\([0-9]*\)\$/('\1', \2)/" "$work/old-counts" | paste -sd,
}

dump() {
  local options=(--no-owner --no-privileges --no-publications --no-subscriptions --no-security-labels --no-tablespaces)
  case $format in
    server) old pg_dump -w "${options[@]}" --lock-wait-timeout=60s --snapshot="$snapshot" 2>"$work/dump.err" ;;
    custom) pg_restore "${options[@]}" --exit-on-error -f - "$1" 2>"$work/dump.err" ;;
    plain) cat "$1" 2>"$work/dump.err" ;;
  esac
}

# Prints the whole transaction; COMMIT comes only if everything before it was complete.
transaction() {
  local status sent counted='(NULL::text, NULL::bigint)'
  cat "$here/import-database-begin.sql"
  dump "$1" | awk -v known="$work/known" -v counts="$work/counts" -v trouble="$work/trouble" -v label="$label" \
    -f "$here/import-database.awk"
  status=("${PIPESTATUS[@]}")
  # 141: the reader went away, so it has the reason.
  [ "${status[0]}" = 0 ] || [ "${status[0]}" = 141 ] || { echo "${status[0]}" >"$work/dump.failed"; return 1; }
  [ "${status[1]}" = 0 ] || return 1
  sent=$(paste -sd, "$work/counts") || return 1
  if [ "$format" = server ]; then
    counted=$(counts_of_old) || { echo 1 >"$work/dump.failed"; return 1; }
  fi
  printf 'CREATE FUNCTION pg_temp.sent() RETURNS TABLE (name text, rows bigint) LANGUAGE sql AS $sent$ VALUES %s $sent$;\n' "$sent"
  printf 'CREATE FUNCTION pg_temp.old() RETURNS TABLE (name text, rows bigint) LANGUAGE sql AS $old$ VALUES %s $old$;\n' "$counted"
  cat "$here/import-database-end.sql"
}

# The extensions that the new server does not have, a sentence each.
left_out() { sed -n 's/^.*WARNING:  \(Left out: the extension .*\)$/\1/p' "$work/target.err"; }
# The same as one sentence, if there are any.
missing() { left_out | sed 's/^Left out: the extension \([^ ]*\).*/\1/' | paste -sd, | sed 's/,/, /g; s/^..*$/ These extensions could not be made: &./'; }

# Why nothing was imported; ends.
explain() {
  local code=$1 why=''
  if [ -e "$work/dump.failed" ]; then
    # If the session with the snapshot ended, pg_dump can only complain about that.
    [ "$format" != server ] || why=$(complaint "$work/snapshot.err")
    [ -n "$why" ] || why=$(complaint "$work/dump.err")
    [ -n "$why" ] || why="ended with code $(cat "$work/dump.failed")"
    case $format:$why in
      *'version mismatch'* | *'unsupported version'*)
        refuse "The dump $label needs a newer PostgreSQL than $(pg_dump --version): $why. Set jobs.importDatabase.image.tag to an image of that major." ;;
      server:*connection* | server:*terminat* | server:*SSL* | server:ended*) retry "The connection to the old server was lost during the dump ($why). Nothing was imported." ;;
      server:*) refuse "The old server $OLD_HOST:$OLD_PORT could not be dumped ($why). Nothing was imported. Fix the cause, $again_by." ;;
      *) refuse "The dump $label is damaged or not complete ($why). Nothing was imported. Copy it again and compare the sizes, or make a new one, $again_by." ;;
    esac
  fi
  [ ! -s "$work/trouble" ] || refuse "$(cat "$work/trouble") Nothing was imported; afterwards raise jobs.importDatabase.generation and upgrade."
  why=$(complaint "$work/target.err")
  # Another pod of the Job was faster: the next one sees what it did.
  case $why in *'at the same time'*) retry "$why." ;; esac
  [ "$code" != 3 ] || refuse "Nothing was imported: $why.$(missing) Fix the cause, $again_by."
  retry "The import was interrupted (${why:-code $code}). Nothing was imported."
}

await_target
look_at_target
if [ "$SOURCE" = server ]; then
  format=server
  label="of $OLD_HOST:$OLD_PORT/$OLD_DATABASE"
  path=''
  await_old
  open_snapshot
else
  path="/import/${FILE_PATH#/}"
  label="'${FILE_PATH#/}'"
  look_at_file "$path"
fi
echo "Importing the dump $label ($format) into the database $place."

# In the background, so that the end of the pod does not wait for it.
{ transaction "$path"; echo $? >"$work/produced"; } |
  target psql -qAtXw -o /dev/null -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v "mastodon_import_source=$label" 2>"$work/target.err" &
wait $!
code=$?
left_out
[ "$code" = 0 ] && [ "$(cat "$work/produced" 2>/dev/null)" = 0 ] || explain "$code"
[ -n "$(ask_target -c "SELECT 1 FROM public.ar_internal_metadata WHERE key = 'mastodon_chart.import'")" ] ||
  retry 'The server did not keep the import.'
echo 'The database is imported; every table has as many rows as before.'
