#!/usr/bin/env bash
# Looks at the volume before PostgreSQL does, then makes role, database and passwords as the values say.
set -euo pipefail

refuse() {
  echo "$1" | tee /dev/termination-log >&2
  exit 1
}

mount=/var/lib/postgresql/data
wanted=${PG_MAJOR:-$(postgres --version | grep -oE '[0-9]+' | head -n 1)}
me=$(id -u)

# Data of another image, which keeps its configuration elsewhere. Bitnami's may be closed to everybody but its user.
for directory in "$PGDATA" "$mount" "$mount"/*; do
  if [ -f "$directory/global/pg_control" ]; then
    [ ! -e "$directory/postgresql.conf" ] || continue
  else
    [ ! -r "$directory" ] && [ "$(stat -c %u "$directory" 2>/dev/null)" = 1001 ] || continue
  fi
  refuse "'${directory#"$mount"}' of the volume has the data of another image, such as Bitnami's, without its configuration, and this image cannot use it. Leave that volume as it is, use an empty one here, and import the database from the old server while that runs (import.database, see docs/importing.md)."
done

mkdir -p "$PGDATA" 2>/dev/null ||
  refuse "The volume of PostgreSQL is not writable for user $me. Make the share's directory belong to $me (chown $me) or export it with all_squash,anonuid=$me."
probe=$PGDATA/.write-test
{ : >"$probe"; } 2>/dev/null || refuse "$PGDATA is not writable for user $me. Make it belong to $me (chown -R $me)."
owner=$(stat -c %u "$probe")
rm -f "$probe"
[ "$owner" = "$me" ] ||
  refuse "Files that user $me writes belong to $owner: the share squashes users. Set postgresql.podSecurityContext.runAsUser to $owner, or export with no_all_squash."
[ -O "$PGDATA" ] || refuse "$PGDATA belongs to user $(stat -c %u "$PGDATA"), but PostgreSQL runs as $me and must own it. Run chown -R $me on the share."
chmod 0700 "$PGDATA" 2>/dev/null || refuse "The permissions of $PGDATA cannot be changed to 0700, as PostgreSQL demands. Change them on the share."

while IFS= read -r found; do
  directory=$(dirname "$found")
  [ "$directory" = "$PGDATA" ] && continue
  # base/*/PG_VERSION belong to the cluster around them.
  case $directory in "$PGDATA"/* | *.initialising) continue ;; esac
  [ -s "$PGDATA/PG_VERSION" ] && continue
  [ -f "$directory/global/pg_control" ] || continue
  refuse "The PostgreSQL cluster is in '${directory#"$mount"}' of the volume, not in '${PGDATA#"$mount"}'. Set postgresql.dataSubdirectory to '$(echo "${directory#"$mount"}" | sed 's|^/||')', or use an empty share."
done < <(find "$mount" -maxdepth 3 -name PG_VERSION 2>/dev/null)

if [ -s "$PGDATA/PG_VERSION" ]; then
  major=$(cat "$PGDATA/PG_VERSION")
  [ "$major" = "$wanted" ] ||
    refuse "The data directory is from PostgreSQL $major, but the image is PostgreSQL $wanted. Set postgresql.image.tag back to a $major; to move to $wanted, import the old database into an empty volume (import.database)."
elif [ -n "$(ls -A "$PGDATA" | grep -vx -e lost+found || true)" ]; then
  refuse "$PGDATA is neither empty nor a PostgreSQL cluster. Empty it or set postgresql.dataSubdirectory to a new directory."
fi

# A new cluster is made beside its place, if that can be written: a start that breaks off leaves nothing half-made there.
data=$PGDATA
if [ ! -s "$PGDATA/PG_VERSION" ] && [ "$PGDATA" != "$mount" ]; then
  rm -rf "$PGDATA.initialising"
  if mkdir -m 0700 "$PGDATA.initialising" 2>/dev/null; then data=$PGDATA.initialising; fi
fi

# The server under this shell's child is the final one; the one that the image starts to initialise has another number.
PGDATA=$data docker-entrypoint.sh postgres -c listen_addresses='' -c hba_file=/etc/mastodon-postgresql/prepare_hba.conf "$@" &
server=$!
stop() {
  kill -INT "$server" 2>/dev/null || return 0
  wait "$server" || true
}
trap stop EXIT
trap 'exit 143' TERM
until [ "$(head -n 1 "$data/postmaster.pid" 2>/dev/null)" = "$server" ] && pg_isready -q -U postgres; do
  kill -0 "$server" 2>/dev/null || refuse 'PostgreSQL did not start; see the log of the container prepare.'
  sleep 0.2
done
psql -v ON_ERROR_STOP=1 -qAt -U postgres -d postgres -f /etc/mastodon-postgresql/role.sql
stop
if [ "$data" != "$PGDATA" ]; then
  rmdir "$PGDATA"
  mv "$data" "$PGDATA"
fi
echo 'Role, database and passwords match the values.'
