#!/usr/bin/env bash
# Runs web or a worker of sidekiq. Beside it, deletes what failed jobs and killed processes have left below TMPDIR: it would
# stay as long as the pod, and once the volume is full, every upload, video and archive fails.
set -euo pipefail

# Deletes the files that nobody has changed for an hour and that no process has open.
sweep() {
  local -A open=()
  local -a old
  local fds file
  # The files come first: the list of open ones is then the newer of the two.
  mapfile -d '' -t old < <(
    find "$TMPDIR" -type f ! -name '*.lock' ! -newerct "${SWEEP_AGE:-1 hour ago}" -printf '%D:%i %p\0'
  )
  for fds in /proc/[0-9]*/fd; do
    # What cannot be read may have any file open, unless the process has ended.
    [ -r "$fds" ] || [ ! -e "$fds" ] || return 0
  done
  while read -r file; do open[$file]=yes; done < <(
    find -L /proc/[0-9]*/fd -maxdepth 1 -type f -printf '%D:%i\n' 2>/dev/null
  )
  for file in "${old[@]}"; do
    [ -z "${open[${file%% *}]:-}" ] || continue
    rm -f -- "${file#* }" && echo "Deleted a file that was left behind: ${file#* }"
  done
}

# Its parent ends at once, so that it belongs to init: the program must have no child that it does not know.
(while sleep "${SWEEP_SECONDS:-600}"; do sweep || true; done &)
exec "$@"
