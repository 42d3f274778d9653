# Stops the cluster and removes what it left.

cmd_down() {
  require_machine
  local start; start=$(date +%s%N)
  clean_up
  say "down in $(seconds_since "$start")"
}

clean_up() {
  stop_processes
  kill_pods
  remove_mounts
  remove_network
  local line
  while read -r line; do sysctl -qw "$line" || true; done 2>/dev/null <"$LAB_DIR/sysctls" || true
  find /sys/fs/cgroup/kubepods /sys/fs/cgroup/*/kubepods -depth -type d -exec rmdir {} + 2>/dev/null || true
  find /var/log/containers -lname "$LAB_DIR/*" -delete 2>/dev/null || true
  rm -f /var/lib/cni/results/lab-*
  [ ! -d "$LAB_DIR" ] || find /var/lib/cni/results -name 'cni-loopback-*' -newer "$LAB_DIR/pki" -delete 2>/dev/null || true
  case $LAB_DIR in / | /tmp | /root | "$HOME") fail "refusing to delete $LAB_DIR." ;; esac
  rm -rf --one-file-system "$LAB_DIR"
}

# The kubelet goes first, so that nothing is restarted in the meantime.
stop_processes() {
  local i name pid
  [ -d "$LAB_DIR/pids" ] || return 0
  for ((i = ${#PROCESSES[@]} - 1; i >= 0; i--)); do
    name=${PROCESSES[i]}
    is_running "$name" || continue
    read -r pid _ <"$LAB_DIR/pids/$name"
    kill -KILL "$pid" 2>/dev/null || true
  done
  for name in "${PROCESSES[@]}"; do
    for ((i = 0; i < 50; i++)); do is_running "$name" || break; sleep 0.1; done
    rm -f "$LAB_DIR/pids/$name"
  done
}

pod_processes() {
  find /sys/fs/cgroup/memory/kubepods /sys/fs/cgroup/kubepods -name cgroup.procs -exec cat {} + 2>/dev/null | sort -u || true
}

# The processes of pods are found by their cgroup, shims by the socket in their arguments.
kill_pods() {
  local pid tries
  [ -d "$LAB_DIR/containerd" ] || return 0
  for ((tries = 0; tries < 20; tries++)); do
    local found=0
    for pid in $(pod_processes); do kill -KILL "$pid" 2>/dev/null && found=1; done
    for pid in $(lab_shims); do kill -KILL "$pid" 2>/dev/null && found=1; done
    [ "$found" = 1 ] || return 0
    sleep 0.1
  done
}

lab_shims() {
  local dir line
  for dir in /proc/[0-9]*; do
    line=$({ tr '\0' ' ' <"$dir/cmdline"; } 2>/dev/null) || continue
    [[ $line != *containerd-shim-runc-v2*"-address $SOCKET "* ]] || echo "${dir#/proc/}"
  done
}

remove_mounts() {
  local target
  while read -r target; do umount -l "$target" 2>/dev/null || true; done < <(
    awk -v dir="$LAB_DIR/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r)
}

# Removes the chains of kube-proxy, the kubelet, the CNI plugins and labd, and keeps all other rules.
remove_network() {
  local tool
  for tool in iptables ip6tables; do
    command -v "$tool-save" >/dev/null || continue
    if "$tool-save" 2>/dev/null | grep -E 'KUBE-|CNI-|LAB-' >/dev/null; then
      "$tool-save" 2>/dev/null | grep -vE 'KUBE-|CNI-|LAB-' | "$tool-restore" || true
    fi
  done
  ip link del cni0 2>/dev/null || true
}
