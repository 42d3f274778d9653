#!/usr/bin/env bash
# ffmpeg as Mastodon calls it, with few threads, and only so many at once in a pod: both decide how much memory it takes.
set -euo pipefail

# A turn is over when the process ends that holds the file open, however it ends.
take_turn() {
  local turn
  for turn in $(seq "$FFMPEG_AT_ONCE"); do
    exec {file}>"$TMPDIR/ffmpeg-$turn.lock"
    if flock --timeout 1 "$file"; then return; fi
    exec {file}>&-
  done
  return 1
}

until take_turn; do
  # Nobody waits for the result any more.
  kill -0 "$PPID" 2>/dev/null || exit 1
done
# The last argument is the destination, and the options before it are its own.
exec "${FFMPEG_PROGRAM:-ffmpeg}" "${@:1:$#-1}" -threads "$FFMPEG_THREADS" "${@: -1}"
