#!/usr/bin/env bash
# Has a Docker Engine with Compose: the one that answers, or one that is installed from the distribution and started.
# An engine that this script did not start is never touched.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/paklog-infra-action
state=$cache/engine
log=$state/dockerd.log
# A local registry that listens here serves docker.io's names; without one dockerd asks docker.io itself.
mirror=http://127.0.0.1:5000

die() { printf '%s\n' "$@" >&2; exit 1; }
at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }
api() { timeout 10 docker version --format '{{.Server.APIVersion}}' 2>/dev/null; }
compose() { docker compose version --short 2>/dev/null | sed -E 's/^v//; s/[-+].*//'; }
compose_fits() { local version; version=$(compose) && [[ -n $version ]] && at_least "$version" 2.20; }

use_engine() {
  local version=$1 whose=$2
  at_least "$version" 1.43 || die \
    "The Docker Engine that answers speaks API $version, and 1.43 (Engine 24) is needed." \
    'Update it, or point DOCKER_HOST to a newer one.'
  compose_fits || die "\`docker compose\` is missing or older than 2.20 for the client $(command -v docker)." \
    'Install the Compose plugin (docker-compose-plugin, docker-compose-v2), or put another docker client first on PATH.'
  echo "Docker Engine: $whose ($(docker version --format '{{.Server.Version}}'), API $version, Compose $(compose))."
}

started_by_us() {
  local pid
  pid=$(cat "$state/dockerd.pid" 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]]
}

check_may_install() {
  [[ -z ${DOCKER_HOST:-} ]] || die \
    "No Docker Engine answers at DOCKER_HOST=$DOCKER_HOST: start it, or unset DOCKER_HOST to use a local one."
  [[ $EUID -eq 0 && -r /etc/debian_version ]] || die \
    'No Docker Engine answers: start Docker (Engine 24 or later, Compose 2.20 or later), or run this as root on Debian or Ubuntu to have one installed.'
}

candidate() { apt-cache policy "$1" 2>/dev/null | sed -nE 's/^ *Candidate: ([0-9]+:)?([0-9][^-~+]*).*/\2/p'; }

# Debian 12 has no Compose 2.20. Debian testing has, in packages that Debian 12 can run (its runc needs a newer libc).
add_testing() {
  local archive keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  # shellcheck disable=SC2016
  archive=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
    awk -v codename="$VERSION_CODENAME" '$2 == codename { print $1; exit }')
  [[ -n $archive ]] || die "No package source of $PRETTY_NAME is configured in /etc/apt: add one, then try again."
  {
    printf 'Types: deb\nURIs: %s\nSuites: forky\nComponents: main\nCheck-Valid-Until: no\n' "$archive"
    [[ ! -e $keyring ]] || echo "Signed-By: $keyring"
  } >/etc/apt/sources.list.d/paklog-testing.sources
  cat >/etc/apt/preferences.d/paklog-testing <<'END'
Package: *
Pin: release n=forky
Pin-Priority: 100

Package: docker.io docker-cli docker-compose docker-buildx containerd
Pin: release n=forky
Pin-Priority: 700
END
  apt-get update -qq || echo "Some package lists could not be updated; going on with the others." >&2
}

choose_packages() {
  if [[ -n $(candidate docker-compose-v2) ]]; then
    packages=(docker.io docker-compose-v2 docker-buildx iptables)
    return
  fi
  packages=(docker.io docker-cli docker-compose docker-buildx containerd iptables)
  at_least "$(candidate docker-compose)" 2.20 && return
  [[ $ID == debian ]] || die "$PRETTY_NAME has no package of Docker Compose 2.20 or later: install Docker Engine and its Compose plugin by hand."
  add_testing
}

install_engine() {
  check_may_install
  # shellcheck disable=SC1091
  . /etc/os-release
  echo "Installing a Docker Engine from the packages of $PRETTY_NAME ..."
  apt-get update -qq || echo "Some package lists could not be updated; going on with the others." >&2
  choose_packages
  "$scripts/apt-install.sh" "${packages[@]}"
  hash -r
}

installed() {
  local program
  for program in docker dockerd containerd runc iptables; do
    command -v "$program" >/dev/null || return 1
  done
  compose_fits
}

tail_and_die() {
  { echo "$1"; echo "--- the end of $log"; { grep -v level=info "$log" || true; } | tail -n 20; } >&2
  die '---' "Likely: no rights over iptables or cgroups (a container that is not privileged), or another dockerd left its data locked." \
    'Run on a machine or in a privileged container, or start Docker in your own way and try again.'
}

start_engine() {
  mkdir -p "$state"
  rm -f "$state/dockerd.pid"
  # setsid and closed descriptors let it outlive the shell, the terminal and the lock.
  setsid --fork dockerd --data-root "$cache/engine-data" --pidfile "$state/dockerd.pid" --registry-mirror "$mirror" \
    >"$log" 2>&1 </dev/null 9>&-
  for _ in {1..300}; do
    [[ -n $(api) ]] && return
    sleep 0.2
    [[ ! -s $state/dockerd.pid ]] || started_by_us || tail_and_die 'dockerd ended while it started.'
    ! grep -q '^failed to start daemon' "$log" || tail_and_die 'dockerd could not start.'
  done
  tail_and_die 'dockerd did not answer within a minute.'
}

version=$(api) || true
if [[ -n $version ]]; then
  if started_by_us; then use_engine "$version" 'running, started here earlier'; else use_engine "$version" 'the one that answers'; fi
  exit 0
fi

check_may_install
mkdir -p "$state"
exec 9>"$state/lock"
flock 9
# Another run may have started it while this one waited.
if [[ -z $(api) ]]; then
  if ! installed; then install_engine; fi
  start_engine
fi
use_engine "$(api)" "started, log in $log"
