#!/bin/sh
# Options alone mean redis-server's; root gives the data to the user redis and becomes it.
set -e
case "${1:-}" in
  -*|*.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
  # The published server is compiled with protected mode off.
  set -- "$@" --protected-mode no
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec /usr/local/bin/setpriv --reuid=redis --regid=redis --clear-groups "$@"
  fi
fi
exec "$@"
