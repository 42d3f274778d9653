# Builds every program of the cluster from pinned Go modules.

KUBERNETES=1.36.3
PACKAGES=(mmdebstrap debian-archive-keyring gcc libc6-dev libseccomp-dev pkg-config iptables iproute2 conntrack procps
  containernetworking-plugins openssl curl)

# program, module directory, package
programs() {
  cat <<'LIST'
kube-apiserver kubernetes k8s.io/kubernetes/cmd/kube-apiserver
kube-controller-manager kubernetes k8s.io/kubernetes/cmd/kube-controller-manager
kube-scheduler kubernetes k8s.io/kubernetes/cmd/kube-scheduler
kubelet kubernetes k8s.io/kubernetes/cmd/kubelet
kube-proxy kubernetes k8s.io/kubernetes/cmd/kube-proxy
kubectl kubernetes k8s.io/kubernetes/cmd/kubectl
etcd etcd go.etcd.io/etcd/server/v3
containerd containerd github.com/containerd/containerd/v2/cmd/containerd
containerd-shim-runc-v2 containerd github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2
ctr containerd github.com/containerd/containerd/v2/cmd/ctr
coredns coredns .
runc runc github.com/opencontainers/runc
labd labd .
LIST
}

# cmd_build [program...]: all of them if none is named
cmd_build() {
  require_machine
  command -v go >/dev/null || fail 'go is not on PATH. Install Go 1.26 or newer.'
  command -v apt-get >/dev/null || fail 'the lab installs Debian packages, but there is no apt-get here.'
  install_packages
  mkdir -p "$BIN"
  local name module package
  while read -r name module package; do
    [ $# -gt 0 ] && [[ " $* " != *" $name "* ]] || build_program "$name" "$module" "$package"
  done < <(programs)
  [[ " $* " != *" traefik "* ]] || build_traefik
  [[ " $* " != *" opensearch "* ]] || build_opensearch
  # Only if it is named, as well: two minutes, for one test.
  [[ " $* " != *" versitygw "* ]] || build_program versitygw versitygw github.com/versity/versitygw/cmd/versitygw
  build_pause
}

install_packages() {
  local missing=() package
  export DEBIAN_FRONTEND=noninteractive
  for package in "${PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local start; start=$(date +%s%N)
  local log=$LAB_CACHE/apt.log
  mkdir -p "$LAB_CACHE"
  if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "could not install: ${missing[*]} (see $log)."
  fi
  say "packages: ${missing[*]} ($(seconds_since "$start"))"
}

# A program is up to date if the stamp beside it matches its sources, the version of Go and the settings.
build_program() {
  local name=$1 dir=$LAB_HOME/modules/$2 package=$3 start stamp
  [ "$2" != labd ] || dir=$LAB_HOME/labd
  stamp=$(cd "$dir" && { cat ./*.go go.mod go.sum 2>/dev/null || true; go env GOVERSION; echo "$KUBERNETES"; } | sha256sum | cut -c1-16)
  if [ -x "$BIN/$name" ] && [ "$(cat "$BIN/.$name.stamp" 2>/dev/null)" = "$stamp" ]; then
    say "$name: up to date"
    return
  fi
  start=$(date +%s%N)
  local flags='-s -w' tags='' cgo=0
  case $2 in
    kubernetes)
      local v=k8s.io/component-base/version
      flags+=" -X $v.gitVersion=v$KUBERNETES -X $v.gitMajor=${KUBERNETES%%.*} -X $v.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES")"
      ;;
    runc) cgo=1 tags=seccomp ;;
  esac
  (cd "$dir" && CGO_ENABLED=$cgo go build -trimpath -buildvcs=false -tags "$tags" -ldflags "$flags" -o "$BIN/$name.new" "$package") ||
    fail "could not build $name."
  mv "$BIN/$name.new" "$BIN/$name"
  echo "$stamp" >"$BIN/.$name.stamp"
  say "$name: built in $(seconds_since "$start")"
}

# Only if it is named: it takes minutes and is for one test. Traefik needs forks of two libraries, and a DNS provider's
# library, that the Go module proxy does not have. The originals, with what modules/traefik adds to them, do for the lab.
build_traefik() {
  local dir=$LAB_CACHE/traefik stamp name module
  stamp=$(cat "$LAB_HOME/modules/traefik/go.mod" | sha256sum | cut -c1-16)
  [ "$(cat "$BIN/.traefik.stamp" 2>/dev/null)" != "$stamp" ] || { say 'traefik: up to date'; return; }
  rm -rf "$dir"
  cp -r "$LAB_HOME/modules/traefik" "$dir"
  while read -r name module; do
    module=$(cd / && go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    cp -r --no-preserve=mode "$module/." "$dir/$name"
  done <<'LIST'
httpauth github.com/abbot/go-http-auth@v0.4.0
lego github.com/go-acme/lego/v5@v5.4.1
mux github.com/gorilla/mux@v1.8.1
LIST
  find "$dir/lego/providers/dns" -mindepth 1 ! -name dns.go -delete
  [ -f "$dir/httpauth/go.mod" ] || printf 'module github.com/abbot/go-http-auth\n\ngo 1.26.0\n\nrequire golang.org/x/crypto v0.1.0\n' >"$dir/httpauth/go.mod"
  (cd "$dir" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$BIN/traefik" github.com/traefik/traefik/v3/cmd/traefik) ||
    fail 'could not build traefik.'
  echo "$stamp" >"$BIN/.traefik.stamp"
  say 'traefik: built'
}

# Only if it is named, as it takes Maven and a Java runtime. They go into the image, not into the root file system.
build_opensearch() {
  local pom=$LAB_HOME/modules/opensearch/pom.xml dir=$LAB_CACHE/opensearch
  ! cmp -s "$pom" "$dir/pom.xml" || { say 'opensearch: up to date'; return; }
  command -v mvn >/dev/null || fail 'mvn is not on PATH. Install Maven.'
  rm -rf "$dir"
  mkdir -p "$dir/java"
  mvn -q -B -f "$pom" dependency:copy-dependencies "-DoutputDirectory=$dir/lib" || fail 'could not get the libraries of OpenSearch.'
  (cd "$dir" && apt-get download -q openjdk-17-jre-headless >/dev/null 2>&1 && dpkg -x ./*.deb java && rm ./*.deb) ||
    fail 'could not download the package openjdk-17-jre-headless.'
  cp "$pom" "$dir"
  say 'opensearch: built'
}

build_pause() {
  [ "$BIN/pause" -nt "$LAB_HOME/images/pause.c" ] && { say 'pause: up to date'; return; }
  gcc -Os -static -s -o "$BIN/pause" "$LAB_HOME/images/pause.c" || fail 'could not build pause.'
  say 'pause: built'
}
