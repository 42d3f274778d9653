# What all parts use.

say() { printf '%s\n' "$*"; }
fail() { printf 'lab: %s\n' "$*" >&2; exit 1; }

require_machine() {
  [ "$(uname -s)" = Linux ] || fail 'the lab runs containers on this machine, which must be Linux.'
  [ "$(uname -m)" = x86_64 ] || fail 'the lab builds programs and images for x86-64 only.'
  [ "$(id -u)" = 0 ] || fail 'the lab needs root for networks, mounts and cgroups. Try sudo.'
}

# seconds_since <start in ns>: prints "12.3 s"
seconds_since() {
  local tenths=$((($(date +%s%N) - $1) / 100000000))
  printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# wait_for <seconds> <what> <command...>: repeats the command until it succeeds
wait_for() {
  local limit=$1 what=$2 start=$SECONDS
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $((SECONDS - start)) -lt "$limit" ] || fail "$what: not ready after $limit s. The logs are in $LAB_DIR/logs."
    sleep 0.2
  done
}
