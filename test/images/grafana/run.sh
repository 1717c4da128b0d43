#!/bin/bash
# The published launcher's contract: GF_PATHS_*, GF_<SETTING>__FILE, then the server with its logs on the console.
set -euo pipefail

for name in $(compgen -e | grep '^GF_.*__FILE$' || true); do
  setting=${name%__FILE}
  [ -z "${!setting:-}" ] || { echo "Both $setting and $name are set." >&2; exit 1; }
  export "$setting=$(<"${!name}")"
  unset "$name"
done
for directory in "$GF_PATHS_DATA" "$GF_PATHS_PLUGINS"; do
  [ -w "$directory" ] || { echo "$directory is not writable for user $(id -u)." >&2; exit 1; }
done

exec grafana server --homepath="$GF_PATHS_HOME" --config="$GF_PATHS_CONFIG" --packaging=docker "$@" \
  cfg:default.log.mode=console \
  cfg:default.paths.data="$GF_PATHS_DATA" \
  cfg:default.paths.logs="$GF_PATHS_LOGS" \
  cfg:default.paths.plugins="$GF_PATHS_PLUGINS" \
  cfg:default.paths.provisioning="$GF_PATHS_PROVISIONING"
