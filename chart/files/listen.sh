# Runs web or streaming. BIND names all addresses of both families; where the kernel has no IPv6, that is an error.
case $BIND in
  :: | '[::]') [ -n "$(cat /proc/net/if_inet6 2>/dev/null)" ] || export BIND=0.0.0.0 ;;
esac
exec "$@"
