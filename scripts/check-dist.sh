#!/usr/bin/env bash
# dist/ is what users run: it must be what src/ and smoke/ build to, byte for byte, and load under Node 24.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
scripts/dist.sh "$fresh/dist"
if ! diff -rq "$fresh/dist" dist; then
  echo 'dist/ is not what src/ and smoke/ build to: run `make dist` and commit it.' >&2
  exit 1
fi
# Without a saved state post has nothing to do: the whole bundle is loaded, and nothing is touched.
node dist/post/index.js | grep -q 'Nothing was started'
# Nor has smoke where no stack was brought up.
mkdir "$fresh/runner"
refusal=$(RUNNER_TEMP=$fresh/runner node dist/smoke/index.js) && exit 1
grep -q 'no stack was brought up' <<<"$refusal"
echo "dist/ is up to date and loads under Node $(node --version)"
