#!/usr/bin/env bash
# Runs the named rings of tests in order (core, contract, scenarios) and ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export PATH="$root/node_modules/.bin:$PATH"
failed=0

prepare() {
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund || return 1
  [ "$*" = core ] && return 0
  scripts/engine.sh && node test/images/build.ts all
}

ring() {
  echo "== $1"
  vitest run --dir "test/$1" --reporter=default --reporter=json --outputFile.json="$results/$1.json" || failed=1
}

house() {
  echo '== house'
  biome check . && tsc --noEmit && knip || failed=1
  scripts/check-dist.sh || failed=1
}

prepare "$@" || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }
for name in "$@"; do
  [ "$name" = core ] && { house; ring house; }
  ring "$name"
done
node scripts/count-tests.ts "$failed" "$results"/*.json
