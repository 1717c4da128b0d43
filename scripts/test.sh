#!/usr/bin/env bash
# Runs the named rings of tests in order (core, contract, scenarios) and ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export PATH="$root/node_modules/.bin:$PATH"
checks_passed=0
checks_failed=0

# The pure tests need no engine; the others need one and every image, and the examples need Maven.
prepare() {
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund || return 1
  [ "$*" != core ] || return 0
  command -v mvn >/dev/null || scripts/apt-install.sh maven openjdk-17-jdk-headless || return 1
  scripts/engine.sh && node test/images/build.ts all
}

# Runs a check that is no vitest test; each counts as one.
check() {
  local name=$1
  shift
  if "$@"; then checks_passed=$((checks_passed + 1)); else
    echo "FAILED: $name" >&2
    checks_failed=$((checks_failed + 1))
  fi
}

house() {
  echo '== house'
  check 'formatting and lint' biome check --error-on-warnings .
  check 'types' tsc --noEmit
  check 'unused code and packages' knip
  check 'generated parts of action.yml and README' node scripts/generate.ts --check
  check 'images lock' node scripts/lock.ts --check
  check 'docs/test-images.md' node test/images/docs.ts --check
  check 'workflows and actions' scripts/lint-workflows.sh
  check 'dist/' scripts/check-dist.sh
}

ring() {
  echo "== $1"
  vitest run --dir "test/$1" --reporter=default --reporter=json --outputFile.json="$results/$1.json"
}

prepare "$@" || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }
for name in "$@"; do
  [ "$name" != core ] || { house; ring house; }
  ring "$name"
done
node scripts/count-tests.ts "$checks_passed" "$checks_failed" "$results"/*.json
