#!/usr/bin/env bash
# Installs Debian or Ubuntu packages without starting the services that they bring: `apt-install.sh PACKAGE...`
set -euo pipefail
[[ $EUID -eq 0 ]] || { echo "Installing $* needs root: run \`apt-get install $*\` as root, then try again." >&2; exit 1; }

policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  # dpkg's own way to keep a service from starting: an exit code of 101 means "forbidden by policy".
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
export DEBIAN_FRONTEND=noninteractive
install() { "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null; }

# The lists may be absent or older than the archive, so a failed first try updates them.
install "$@" 2>/dev/null || { "${apt[@]}" update && install "$@"; }
