# Starts the cluster.

cmd_up() {
  require_machine
  if is_up; then
    say "already up; kubeconfig: $LAB_DIR/kubeconfig"
    return
  fi
  check_before_up
  clean_up
  trap 'leave_up $?' EXIT
  trap 'exit 130' INT TERM
  local start; start=$(date +%s%N)
  mkdir -p "$LAB_DIR"/{logs,pids,pki,cni,volumes,nfs,bin}
  make_network
  write_refs
  make_credentials
  write_configuration
  start_runtime
  start_control_plane
  start_node
  lab_kubectl apply -f "$LAB_HOME/cluster/system.yaml" >"$LAB_DIR/logs/apply.log"
  wait_for 60 'the node' node_is_ready
  wait_for 60 'the cluster DNS' dns_answers
  wait "$PREFETCH" || fail "could not fetch the base image (see $LAB_DIR/logs/prefetch.log)."
  trap - EXIT
  say "up in $(seconds_since "$start"); kubeconfig: $LAB_DIR/kubeconfig"
}

# A failed start says what broke, and leaves only its logs behind.
leave_up() {
  [ "$1" -ne 0 ] || return 0
  trap - EXIT
  set +e
  local name kept=/tmp/mastodon-lab-failed-logs
  for name in "${PROCESSES[@]}"; do
    [ -f "$LAB_DIR/pids/$name" ] && ! is_running "$name" && { say "$name ended:" >&2; tail -n 5 "$LAB_DIR/logs/$name.log" >&2; }
  done
  is_running kube-apiserver && lab_kubectl get pods,events -A >"$LAB_DIR/logs/cluster.log" 2>&1
  rm -rf "$kept"
  cp -r "$LAB_DIR/logs" "$kept"
  clean_up
  fail "the cluster did not start; its logs are in $kept."
}

check_before_up() {
  local name port
  for name in "${PROCESSES[@]}" coredns pause kubectl runc; do
    [ -x "$BIN/$name" ] || fail "$name is not built; run \`$0 build\`."
  done
  for name in pause coredns shell; do
    [ -f "$STORE/names/$name" ] || fail "the image $name is not built; run \`$0 images\`."
  done
  for name in iptables ip openssl; do
    command -v "$name" >/dev/null || fail "$name is not installed; run \`$0 build\`."
  done
  [ -x /usr/lib/cni/bridge ] || fail "the CNI plugins are not installed; run \`$0 build\`."
  [ ${#SOCKET} -lt 90 ] || fail "LAB_DIR: $LAB_DIR is too long, as a socket in it may have 107 characters. Choose a shorter path."
  [ -e /dev/kmsg ] || fail 'there is no /dev/kmsg, which the kubelet reads. Does this container have all devices (--privileged)?'
  stop_processes
  for port in "${PORTS[@]}"; do
    [ -z "$(ss -ltnH "sport = :$port")" ] || fail "port $port is in use: $(ss -ltnpH "sport = :$port" | grep -o 'users:.*' || true)"
  done
  [ -d "$LAB_DIR" ] || [ -z "$(pod_processes)" ] || fail 'another kubelet runs pods on this machine.'
}

make_network() {
  ip link show cni0 >/dev/null 2>&1 || ip link add cni0 type bridge
  ip addr replace "$NODE_ADDRESS/24" dev cni0
  ip link set cni0 up
  ip route replace "$BALANCERS.0/24" dev cni0
  local name
  modprobe br_netfilter 2>/dev/null || true
  for name in net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables; do
    [ "$(sysctl -n "$name" 2>/dev/null)" = 1 ] && continue
    echo "$name=$(sysctl -n "$name")" >>"$LAB_DIR/sysctls"
    sysctl -qw "$name=1" || fail "$name cannot be set. Load the kernel's module br_netfilter, and see that this container may write to /proc/sys."
  done
}

make_credentials() {
  local pki=$LAB_DIR/pki
  (
    cd "$pki" || exit 1
    openssl genrsa -out sa.key 2048
    openssl rsa -in sa.key -pubout -out sa.pub
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=lab-ca -keyout ca.key -out ca.crt
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=kube-apiserver -keyout api.key -out api.csr
    local names=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
    printf 'subjectAltName=%s,DNS:localhost,IP:127.0.0.1,IP:10.96.0.1,IP:%s\nextendedKeyUsage=serverAuth\n' "$names" "$NODE_ADDRESS" >api.ext
    openssl x509 -req -in api.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile api.ext -out api.crt
    openssl rand -hex 16 >token
    echo "$(cat token),admin,admin,system:masters" >tokens.csv
    chmod 0600 token tokens.csv
  ) >"$LAB_DIR/logs/pki.log" 2>&1
  (
    umask 0077
    cat >"$LAB_DIR/kubeconfig" <<TEXT
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "$API", certificate-authority-data: $(base64 -w0 <"$pki/ca.crt")}}]
users: [{name: lab, user: {token: $(cat "$pki/token")}}]
contexts: [{name: lab, context: {cluster: lab, user: lab}}]
current-context: lab
TEXT
  )
}

# Fills in the @NAMES@ in the files of cluster/.
write_configuration() {
  local file
  mkdir -p "$LAB_DIR/cni/conf" "$LAB_DIR/hosts/_default" "$LAB_DIR/config"
  for file in containerd.toml cni.conflist hosts.toml kubelet.yaml kube-proxy.yaml; do
    sed -e "s|@LAB_DIR@|$LAB_DIR|g" -e "s|@BIN@|$BIN|g" -e "s|@REGISTRY@|$REGISTRY|g" -e "s|@POD_NETWORK@|$POD_NETWORK|g" \
      "$LAB_HOME/cluster/$file" >"$LAB_DIR/config/$file"
  done
  cp "$LAB_DIR/config/cni.conflist" "$LAB_DIR/cni/conf/10-lab.conflist"
  cp "$LAB_DIR/config/hosts.toml" "$LAB_DIR/hosts/_default/hosts.toml"
  install -m 0755 "$LAB_HOME/cluster/mount" "$LAB_DIR/bin/mount"
  echo 'nameserver 127.0.0.1' >"$LAB_DIR/resolv.conf"
}

start_runtime() {
  start labd labd serve -store "$STORE" -refs "$STORE/refs" -address "$REGISTRY" -api "$API" -token "$LAB_DIR/pki/token" \
    -ca "$LAB_DIR/pki/ca.crt" -volumes "$LAB_DIR/volumes" -node lab -balancers "$BALANCERS"
  start containerd containerd --config "$LAB_DIR/config/containerd.toml"
  wait_for 20 containerd lab_ctr version
  prefetch >"$LAB_DIR/logs/prefetch.log" 2>&1 &
  PREFETCH=$!
}

# The layer that all stand-ins share takes seconds to unpack: that happens while the control plane starts.
prefetch() {
  local reference
  for reference in registry.k8s.io/pause:3.10 registry.k8s.io/coredns/coredns:lab docker.io/library/debian:trixie; do
    lab_ctr images pull --hosts-dir "$LAB_DIR/hosts" "$reference" >/dev/null
  done
}

start_control_plane() {
  local pki=$LAB_DIR/pki config=$LAB_DIR/kubeconfig
  start etcd etcd --data-dir "$LAB_DIR/etcd" --listen-client-urls "$ETCD" --advertise-client-urls "$ETCD" \
    --listen-peer-urls http://127.0.0.1:12380 --unsafe-no-fsync --log-level warn
  start kube-apiserver kube-apiserver --etcd-servers="$ETCD" --bind-address="$NODE_ADDRESS" --secure-port=6443 \
    --advertise-address="$NODE_ADDRESS" --tls-cert-file="$pki/api.crt" --tls-private-key-file="$pki/api.key" \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --service-account-issuer=https://kubernetes.default.svc --token-auth-file="$pki/tokens.csv" \
    --authorization-mode=Node,RBAC --service-cluster-ip-range="$SERVICE_NETWORK" --allow-privileged=true \
    --enable-admission-plugins=NodeRestriction --kubelet-preferred-address-types=InternalIP
  wait_for 60 'the API server' lab_kubectl get --raw /readyz
  start kube-controller-manager kube-controller-manager --kubeconfig="$config" --bind-address=127.0.0.1 \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" --leader-elect=false \
    --controllers='*,-nodeipam,-service-lb-controller,-node-route-controller,-cloud-node-lifecycle-controller'
  start kube-scheduler kube-scheduler --kubeconfig="$config" --bind-address=127.0.0.1 --leader-elect=false
}

start_node() {
  start kube-proxy kube-proxy --config "$LAB_DIR/config/kube-proxy.yaml"
  start kubelet env PATH="$LAB_DIR/bin:$PATH" LAB_DIR="$LAB_DIR" kubelet --config "$LAB_DIR/config/kubelet.yaml" \
    --kubeconfig "$LAB_DIR/kubeconfig" --root-dir "$LAB_DIR/kubelet" --cert-dir "$LAB_DIR/kubelet/pki" \
    --hostname-override lab --node-ip "$NODE_ADDRESS"
}

dns_answers() { lab_kubectl -n kube-system rollout status deployment/coredns --timeout=1s && dns_resolves; }

# Asks the cluster's DNS for kubernetes.default over TCP; the answer must contain 10.96.0.1.
dns_resolves() {
  local query='\x00\x36\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0akubernetes\x07default\x03svc\x07cluster\x05local\x00\x00\x01\x00\x01'
  exec 9<>/dev/tcp/10.96.0.10/53 || return 1
  # shellcheck disable=SC2059
  printf "$query" >&9
  timeout 2 dd bs=512 count=1 <&9 2>/dev/null | od -An -tx1 | tr -d ' \n' | grep -q 0a600001
}
