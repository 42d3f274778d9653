# The cluster's addresses and processes, and the commands for a cluster that is up. Pids, logs and data are in $LAB_DIR.

NODE_ADDRESS=10.244.0.1
POD_NETWORK=10.244.0.0/24
BALANCERS=10.245.0
SERVICE_NETWORK=10.96.0.0/16
API=https://$NODE_ADDRESS:6443
REGISTRY=127.0.0.1:5000
ETCD=http://127.0.0.1:12379
PORTS=(5000 6443 10248 10249 10250 10256 10257 10259 12379 12380)
PROCESSES=(labd containerd etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet)
SOCKET=$LAB_DIR/containerd/containerd.sock

lab_kubectl() { kubectl --kubeconfig "$LAB_DIR/kubeconfig" "$@"; }
lab_ctr() { ctr --address "$SOCKET" --namespace k8s.io "$@"; }

# start <name> <command...>: runs it in its own session and records its pid and start time
start() {
  local name=$1
  shift
  setsid "$@" >"$LAB_DIR/logs/$name.log" 2>&1 </dev/null &
  echo "$! $(start_time $!)" >"$LAB_DIR/pids/$name"
  disown $!
}

start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# The pid is not enough: the system may have given it to another process since.
is_running() {
  local pid time
  [ -f "$LAB_DIR/pids/$1" ] || return 1
  read -r pid time <"$LAB_DIR/pids/$1"
  [ -n "$time" ] && [ "$(start_time "$pid")" = "$time" ]
}

is_up() {
  local name
  for name in "${PROCESSES[@]}"; do is_running "$name" || return 1; done
  node_is_ready
}

node_is_ready() {
  [ "$(lab_kubectl get node lab -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}

cmd_status() {
  local name state code=0
  for name in "${PROCESSES[@]}"; do
    if is_running "$name"; then
      state="running, pid $(cut -d' ' -f1 "$LAB_DIR/pids/$name")"
    else
      state='not running' code=1
    fi
    printf '%-24s %s\n' "$name" "$state"
  done
  [ "$code" = 0 ] || return "$code"
  lab_kubectl get node,storageclass
  lab_kubectl get pods -A
}

cmd_env() { printf 'export KUBECONFIG=%q\nexport PATH=%q:$PATH\n' "$LAB_DIR/kubeconfig" "$BIN"; }

# Deleting a namespace deletes all that is in it; volumes that were retained go too. Pods get a second to stop.
cmd_reset() {
  is_up || fail "the cluster is not up; run \`$0 up\`."
  local names name
  names=$(lab_kubectl get namespaces -o name | grep -vE '/(default|kube-system|kube-public|kube-node-lease)$' || true)
  for name in $names; do
    lab_kubectl delete --wait=false "$name"
    lab_kubectl -n "${name#*/}" delete pods --all --grace-period=1 --wait=false >/dev/null
  done
  # shellcheck disable=SC2086
  [ -z "$names" ] || lab_kubectl wait --for=delete --timeout=120s $names >/dev/null
  lab_kubectl -n default delete --timeout=60s all,pvc,secret,configmap,networkpolicy,ingress \
    --field-selector metadata.name!=kubernetes,metadata.name!=kube-root-ca.crt >/dev/null
  lab_kubectl delete --timeout=60s pv --all >/dev/null
  say 'reset: only the namespaces of Kubernetes are left'
}
