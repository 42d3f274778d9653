#!/bin/bash
# As in the real image: variables with a dot are settings, root is refused, and files are written to config, data and logs only.
[ $# -eq 0 ] || [ "$1" = opensearch ] || exec "$@"
fail() { echo "$1" >&2; exit 1; }
[ "$(id -u)" != 0 ] || fail 'OpenSearch cannot run as root.'
# The real one wants certificates and a password with its plugin.
[ "$DISABLE_SECURITY_PLUGIN" = true ] || fail 'The stand-in has no security plugin. Set DISABLE_SECURITY_PLUGIN to "true".'
umask 0002
home=/usr/share/opensearch
settings=()
while IFS='=' read -r name value; do
  [[ ! $name =~ ^[a-z0-9_]+\.[a-z0-9_]+ || -z $value ]] || settings+=("-E$name=$value")
done < <(env)
options=(-Xms1g -Xmx1g -XX:+AlwaysPreTouch -Xss1m "-Djava.io.tmpdir=${OPENSEARCH_TMPDIR:-/tmp}" -Djava.awt.headless=true
  -Djava.security.manager=allow -Djna.nosys=true -Dfile.encoding=UTF-8 -Dlog4j2.disable.jmx=true -Dlog4j.shutdownHookEnabled=false
  -Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true -Dio.netty.recycler.maxCapacityPerThread=0
  -Dopensearch.networkaddress.cache.ttl=60 "-XX:HeapDumpPath=$home/data" "-XX:ErrorFile=$home/logs/hs_err_pid%p.log"
  "-Xlog:gc*,gc+age=trace,safepoint:file=$home/logs/gc.log:utctime,pid,tags:filecount=32,filesize=64m")
# shellcheck disable=SC2086
exec java "${options[@]}" $OPENSEARCH_JAVA_OPTS "-Dopensearch.path.home=$home" "-Dopensearch.path.conf=$home/config" \
  -Dopensearch.distribution.type=docker -Dopensearch.bundled_jdk=true -cp "$home/lib/*" org.opensearch.bootstrap.OpenSearch "${settings[@]}"
