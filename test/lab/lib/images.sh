# Builds the stand-in images: one Debian root file system, and a small layer on it for each image.

# What the stand-ins v4.6 and v4.7 of Mastodon say they are. The new one is the Mastodon of the chart.
OLD_VERSION=v4.6.6
NEW_VERSION=v$(sed -n 's/^appVersion: //p' "$LAB_HOME/../../chart/Chart.yaml")
ALL_IMAGES=(pause coredns shell postgres-17 postgres-18 valkey mastodon-v4.6 mastodon-v4.7 streaming servers tor)
ROOT_PACKAGES=ca-certificates,tzdata,bash,postgresql-17,pgbouncer,libnss-wrapper,valkey-server,valkey-tools,ruby,ruby-rails,puma
ROOT_PACKAGES+=,ruby-sidekiq,ruby-pg,ruby-redis,ruby-addressable,ruby-rack,ruby-thor,tini,curl,wget,procps,nodejs,file,openssl
ROOT_PACKAGES+=,ruby-aws-sdk-s3,ruby-openid-connect
# What no stand-in uses: documentation, and PostgreSQL's compiler for queries.
ROOT_EXCLUDES=(/usr/share/doc /usr/share/man /usr/share/locale /usr/share/ri '/usr/lib/x86_64-linux-gnu/libLLVM'
  '/usr/lib/llvm-' '/usr/lib/x86_64-linux-gnu/libz3' '/usr/lib/postgresql/17/lib/llvmjit' /usr/lib/postgresql/17/lib/bitcode)
SYSTEM_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

cmd_images() {
  require_machine
  [ -x "$BIN/labd" ] || fail "labd is not built; run \`$0 build\`."
  mkdir -p "$STORE/layers"
  local images=("$@") name start
  [ ${#images[@]} -gt 0 ] || images=("${ALL_IMAGES[@]}")
  [ $# -gt 0 ] || [ ! -d "$LAB_CACHE/opensearch" ] || images+=(opensearch)
  for name in traefik versitygw; do
    [ $# -gt 0 ] || [ ! -x "$BIN/$name" ] || images+=("$name")
  done
  make_root
  for name in "${images[@]}"; do
    start=$(date +%s%N)
    make_image "$name" || fail "could not build the image $name."
    say "  in $(seconds_since "$start")"
  done
  write_refs
  forget_images
}

# A running cluster must not go on using what it has pulled. The layer that all share stays.
forget_images() {
  is_running containerd || return 0
  local references
  references=$(lab_ctr images ls -q 2>/dev/null | grep -vE '^sha256:|/pause:|/coredns:|/debian:trixie$' || true)
  # shellcheck disable=SC2086
  [ -z "$references" ] || lab_ctr images rm $references >/dev/null 2>&1
}

make_root() {
  local stamp exclude options=()
  stamp=$(sha256sum <<<"$ROOT_PACKAGES ${ROOT_EXCLUDES[*]} trixie 1" | cut -c1-16)
  ROOT_TAR=$STORE/layers/root-$stamp.tar
  [ ! -f "$ROOT_TAR" ] || { say 'root file system: up to date'; return; }
  local start; start=$(date +%s%N)
  local old
  for old in "$STORE"/layers/root-*.tar; do
    [ ! -f "$old" ] || find "$STORE/blobs" -samefile "$old" -delete
    rm -f "$old"
  done
  rm -f "$STORE/layers/new.tar"
  for exclude in "${ROOT_EXCLUDES[@]}"; do options+=("--dpkgopt=path-exclude=$exclude*"); done
  # The user postgres is made before its package is installed, to get the number 999 that it has in the upstream image.
  mmdebstrap --mode=root --format=tar --variant=essential --skip=check/empty --dpkgopt=force-unsafe-io "${options[@]}" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --essential-hook='echo postgres:x:999:999::/var/lib/postgresql:/bin/bash >>"$1/etc/passwd"' \
    --essential-hook='echo postgres:x:999: >>"$1/etc/group"' \
    --customize-hook='rm -rf "$1"/var/lib/postgresql/17 "$1"/etc/postgresql/17 "$1"/var/log/* "$1"/var/cache/*' \
    --include="$ROOT_PACKAGES" trixie "$STORE/layers/new.tar" >"$STORE/layers/root.log" 2>&1 ||
    { tail -n 5 "$STORE/layers/root.log" >&2; fail "could not build the root file system (see $STORE/layers/root.log)."; }
  mv "$STORE/layers/new.tar" "$ROOT_TAR"
  tar -xOf "$ROOT_TAR" ./etc/passwd >"$STORE/layers/passwd"
  tar -xOf "$ROOT_TAR" ./etc/group >"$STORE/layers/group"
  say "root file system: $(du -m "$ROOT_TAR" | cut -f1) MiB in $(seconds_since "$start")"
}

# Collects the files of one image in a directory and packs them.
make_image() {
  local name=$1 source=$LAB_HOME/images stage layers=("$ROOT_TAR") config
  stage=$(mktemp -d)
  chmod 0755 "$stage"
  case $name in
    pause)
      install -D "$BIN/pause" "$stage/pause"
      layers=() config='{"Entrypoint":["/pause"],"User":"65535:65535"}' ;;
    coredns)
      install -D "$BIN/coredns" "$stage/coredns"
      layers=() config='{"Entrypoint":["/coredns"],"User":"65532:65532","WorkingDir":"/"}' ;;
    shell)
      mkdir -p "$stage/root"
      config='{"Env":["PATH='$SYSTEM_PATH'"],"Cmd":["bash"]}' ;;
    tor) stage_tor ;;
    traefik | versitygw)
      install -D "$BIN/$name" "$stage/$name"
      config='{"Entrypoint":["/'$name'"],"User":"65532:65532"}' ;;
    postgres-*) stage_postgres "$name" ;;
    valkey) stage_valkey ;;
    mastodon-*) stage_mastodon "${name#mastodon-}" ;;
    streaming) stage_streaming ;;
    opensearch) stage_opensearch ;;
    servers) stage_servers ;;
    *) fail "unknown image $name; the images are: ${ALL_IMAGES[*]}." ;;
  esac
  local layer=$STORE/layers/$name.tar
  rm -f "$layer"
  tar -C "$stage" --numeric-owner --sort=name --mtime=@946684800 -cf "$layer" .
  rm -rf "$stage"
  labd pack -store "$STORE" -name "$name" -config "$config" "${layers[@]}" "$layer"
}

# add_user <name> <id> <home>: writes an /etc/passwd in which only this user has the id
add_user() {
  mkdir -p "$stage/etc"
  { grep -v -e ":$2:" -e "^$1:" "$STORE/layers/passwd"; echo "$1:x:$2:$2::$3:/bin/bash"; } >"$stage/etc/passwd"
  { grep -v -e ":$2:" -e "^$1:" "$STORE/layers/group"; echo "$1:x:$2:"; } >"$stage/etc/group"
}

# The stage_* functions fill the directory $stage and set $config, which are variables of make_image.
stage_postgres() {
  local data=/var/lib/postgresql/data
  [ "$1" = postgres-17 ] || data=/var/lib/postgresql/18/docker
  install -D -t "$stage/usr/local/bin" "$source/postgres/docker-entrypoint.sh"
  mkdir -p "$stage/docker-entrypoint-initdb.d" "$stage$data"
  chown -R 999:999 "$stage/var/lib/postgresql"
  chmod 1777 "$stage$data"
  install -d -o 999 -g 999 -m 3777 "$stage/run/postgresql"
  config='{"Env":["PATH='$SYSTEM_PATH':/usr/lib/postgresql/17/bin","LANG=C.UTF-8","PG_MAJOR=17","PGDATA='$data'"],
    "Entrypoint":["docker-entrypoint.sh"],"Cmd":["postgres"],"StopSignal":"SIGINT",
    "ExposedPorts":{"5432/tcp":{}},"Volumes":{"'$([ "$1" = postgres-17 ] && echo $data || echo /var/lib/postgresql)'":{}}}'
}

stage_tor() {
  local package
  (cd "$stage" && apt-get download -q tor $(apt-cache depends tor | sed -n 's/.*Depends: \(libevent\|libseccomp\)/\1/p') >/dev/null 2>&1) ||
    fail 'could not download the package tor.'
  for package in "$stage"/*.deb; do dpkg -x "$package" "$stage"; done
  rm -rf "$stage"/*.deb "$stage/lib" "$stage/var" "$stage/usr/share"
  config='{"Env":["PATH='$SYSTEM_PATH'"],"Cmd":["tor"]}'
}

# OpenSearch's modules are what is a folder of its own below `modules`.
stage_opensearch() {
  local home=$stage/usr/share/opensearch version module class jars
  version=$(sed -n 's:.*<version>\(.*\)</version>$:\1:p' "$LAB_CACHE/opensearch/pom.xml" | head -n 1)
  add_user opensearch 1000 /usr/share/opensearch
  mkdir -p "$home"/{bin,lib,modules,plugins,config,data,logs}
  cp -r "$LAB_CACHE"/opensearch/java/{etc,usr} "$stage"
  cp "$LAB_CACHE"/opensearch/lib/*.jar "$home/lib"
  while read -r module class jars; do
    mkdir "$home/modules/$module"
    (cd "$home/lib" && mv $jars "$home/modules/$module")
    printf '%s\n' "name=$module" "description=$module" "version=$version" "opensearch.version=$version" java.version=11 \
      "classname=org.opensearch.$class" has.native.controller=false >"$home/modules/$module/plugin-descriptor.properties"
  done <<'LIST'
transport-netty4 transport.Netty4Plugin netty-*.jar transport-netty4-client-*.jar
analysis-common analysis.common.CommonAnalysisPlugin analysis-common-*.jar
LIST
  cp "$source"/opensearch/plugin-security.policy "$home/modules/transport-netty4"
  cp "$source"/opensearch/{opensearch.yml,log4j2.properties} "$home/config"
  install -t "$home" "$source"/opensearch/opensearch-docker-entrypoint.sh
  chmod 0750 "$home/config" && chmod 0660 "$home"/config/* && chmod 0700 "$home"
  chown -R 1000:1000 "$home"
  config='{"User":"1000","WorkingDir":"/usr/share/opensearch","Entrypoint":["./opensearch-docker-entrypoint.sh"],"Cmd":["opensearch"],
    "Env":["PATH='$SYSTEM_PATH':/usr/lib/jvm/java-17-openjdk-amd64/bin"],"ExposedPorts":{"9200/tcp":{},"9300/tcp":{}}}'
}

stage_valkey() {
  add_user valkey 999 /data
  install -D -t "$stage/usr/local/bin" "$source"/valkey/*
  ln -s valkey-server "$stage/usr/local/bin/redis-server"
  local tool
  for tool in cli benchmark; do ln -s "/usr/bin/valkey-$tool" "$stage/usr/local/bin/redis-$tool"; done
  install -d -o 999 -g 999 "$stage/data"
  config='{"Env":["PATH='$SYSTEM_PATH'"],"WorkingDir":"/data","Volumes":{"/data":{}},
    "Entrypoint":["docker-entrypoint.sh"],"Cmd":["valkey-server"],"ExposedPorts":{"6379/tcp":{}}}'
}

stage_mastodon() {
  local version=$NEW_VERSION home=$stage/opt/mastodon
  [ "$1" != v4.6 ] || version=$OLD_VERSION
  add_user mastodon 991 /opt/mastodon
  install -D -t "$stage/usr/local/bin" "$source"/mastodon/{bundle,ffmpeg}
  install -D -m 0644 -t "$stage/usr/local/lib/site_ruby" "$source"/mastodon/gems/*
  mkdir -p "$home"
  cp -r "$source"/mastodon/app/. "$home"
  [ "$version" = "$OLD_VERSION" ] || cp -r "$source"/mastodon/v4.7/. "$home"
  chmod -R u=rwX,go=rX "$home"
  mkdir -p "$home/db/post_migrate" "$home/tmp/cache" "$home/public/system" "$home/public/assets" "$home/public/packs"
  echo ok >"$home/public/packs/manifest.json"
  chown -R 991:991 "$home/tmp" "$home/public/system"
  chown 991:991 "$home"
  ln -s opt/mastodon "$stage/mastodon"
  config='{"User":"mastodon","WorkingDir":"/opt/mastodon","Entrypoint":["/usr/bin/tini","--"],"ExposedPorts":{"3000/tcp":{}},
    "Env":["PATH=/opt/mastodon/bin:'$SYSTEM_PATH'","LANG=C.UTF-8","TZ=Etc/UTC","RAILS_ENV=production","NODE_ENV=production",
    "BIND=0.0.0.0","RAILS_SERVE_STATIC_FILES=true","STANDIN_VERSION='"$version"'",
    "MASTODON_SIDEKIQ_READY_FILENAME=sidekiq_process_has_started_and_will_begin_processing_jobs"]}'
}

stage_streaming() {
  add_user mastodon 991 /opt/mastodon
  install -D -m 0644 -t "$stage/opt/mastodon/streaming" "$source"/streaming/*.js*
  copy_packages streaming-stand-in "$stage/opt/mastodon/node_modules"
  ln -s opt/mastodon "$stage/mastodon"
  config='{"User":"mastodon","WorkingDir":"/opt/mastodon","Cmd":["node","./streaming/index.js"],"ExposedPorts":{"4000/tcp":{}},
    "Env":["PATH='$SYSTEM_PATH'","TZ=Etc/UTC","NODE_ENV=production","BIND=0.0.0.0","PORT=4000"]}'
}

stage_servers() {
  install -D -m 0644 -t "$stage/opt/servers" "$source"/servers/*.js*
  copy_packages servers-stand-in "$stage/opt/servers/node_modules"
  config='{"Env":["PATH='$SYSTEM_PATH'"],"User":"65532:65532","WorkingDir":"/opt/servers","Cmd":["node","oidc.js"]}'
}

# copy_packages <workspace> <folder>: copies the npm packages that a workspace of this repository needs
copy_packages() {
  local root=$LAB_HOME/../.. path
  mkdir -p "$2"
  [ -e "$root/node_modules/$1" ] || fail "the npm packages of $1 are not installed; run \`npm ci\`."
  while read -r path; do
    path=${path#*/node_modules/}
    [ "$path" = "$1" ] || { mkdir -p "$2/$(dirname "$path")"; cp -r "$root/node_modules/$path" "$2/$path"; }
  done < <(cd "$root" && npm ls --workspace "$1" --omit=dev --all --parseable | grep /node_modules/)
}

write_refs() {
  mkdir -p "$STORE"
  touch "$STORE/refs.own"
  cat "$STORE/refs.own" "$LAB_HOME/images/refs" >"$STORE/refs"
}

cmd_image_as() {
  [ $# -eq 2 ] || fail "usage: $0 image-as <stand-in> <reference>"
  [ -f "$STORE/names/${1//\//%}" ] || fail "there is no stand-in $1. There are: $(ls "$STORE/names" 2>/dev/null | tr '\n' ' ')"
  local reference=$2
  case ${reference%%/*} in
    "$reference") reference=docker.io/library/$reference ;;
    *.* | *:* | localhost) ;;
    *) reference=docker.io/$reference ;;
  esac
  case ${reference##*/} in *:*) ;; *) reference+=:latest ;; esac
  write_refs
  { echo "$reference $1"; grep -v "^$reference " "$STORE/refs.own" || true; } >"$STORE/refs.new"
  mv "$STORE/refs.new" "$STORE/refs.own"
  write_refs
  forget_images
  say "$reference -> $1"
}

cmd_load() {
  [ -f "${1:-}" ] || fail "usage: $0 load <docker-archive>"
  mkdir -p "$STORE"
  labd load -store "$STORE" "$1"
}

# The registry without a cluster, for nodes whose container runtime uses it as a mirror.
cmd_registry() {
  [ -x "$BIN/labd" ] || fail "labd is not built; run \`$0 build\`."
  write_refs
  exec labd serve -store "$STORE" -refs "$STORE/refs" -address "${1:-0.0.0.0:5000}"
}

cmd_refs() {
  write_refs
  grep -v '^#' "$STORE/refs"
}
