#!/usr/bin/env bash
# Frees what tests and demonstrations keep: stacks, the local registry, an engine that scripts/engine.sh started, caches.
set -euo pipefail
cache=${XDG_CACHE_HOME:-$HOME/.cache}/paklog-infra-action
state=$cache/engine

say() { printf 'clean: %s\n' "$*"; }

# The process of a pid file, if it is still the program that wrote the file.
process_of() {
  local file=$1 program=$2 pid
  pid=$(cat "$file" 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$program"* ]] && echo "$pid"
}

stop() {
  local pid=$1
  kill "$pid" 2>/dev/null || return 0
  for _ in {1..150}; do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL "$pid"
}

remove_stacks() {
  local ids filter=label=com.docker.compose.project
  ids=$(docker ps --all --filter "$filter" --format '{{.ID}} {{.Label "com.docker.compose.project"}}' |
    awk '$2 ~ /^paklog/ { print $1 }')
  # shellcheck disable=SC2086
  [[ -z $ids ]] || { docker rm --force --volumes $ids >/dev/null && say "removed $(wc -w <<<"$ids") containers"; }
  ids=$(docker volume ls --filter "$filter" --format '{{.Name}} {{.Label "com.docker.compose.project"}}' |
    awk '$2 ~ /^paklog/ { print $1 }')
  # shellcheck disable=SC2086
  [[ -z $ids ]] || { docker volume rm --force $ids >/dev/null && say "removed $(wc -w <<<"$ids") volumes"; }
  ids=$(docker network ls --filter "$filter" --format '{{.ID}} {{.Label "com.docker.compose.project"}}' |
    awk '$2 ~ /^paklog/ { print $1 }')
  # shellcheck disable=SC2086
  [[ -z $ids ]] || { docker network rm $ids >/dev/null && say "removed $(wc -w <<<"$ids") networks"; }
}

remove_images() {
  local ids
  ids=$(docker image ls --all --quiet --no-trunc --filter label=org.paklog.stand-in | sort -u)
  # shellcheck disable=SC2086
  [[ -z $ids ]] || { docker image rm --force $ids >/dev/null 2>&1 || true; say "removed the images that were built here"; }
}

if timeout 10 docker version >/dev/null 2>&1; then
  remove_stacks
  remove_images
fi
if pid=$(process_of "$cache/registry/registry.pid" docker-registry); then
  stop "$pid"
  say 'stopped the local registry'
fi
if pid=$(process_of "$state/dockerd.pid" dockerd); then
  stop "$pid"
  say 'stopped the engine that was started here'
fi
if [[ -d $cache ]]; then
  # dockerd mounts its data over itself, and leaves that behind when it is killed.
  ! mountpoint -q "$cache/engine-data" || umount --recursive "$cache/engine-data"
  # Go keeps its module cache read-only.
  find "$cache" -path "$cache/engine-data" -prune -o -type d ! -perm -u+w -exec chmod u+w {} +
  size=$(du -smx "$cache" | cut -f 1)
  rm -rf --one-file-system "$cache"
  say "freed $size MB in $cache"
else
  say "nothing is kept in $cache"
fi
