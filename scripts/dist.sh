#!/usr/bin/env bash
# Builds dist/ from src/ and smoke/: tsc, then ncc on the JavaScript (ncc cannot drive TypeScript 7 itself). Byte-reproducible.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

target=${1:-dist}
rm -rf build "$target"
tsc -p tsconfig.build.json
for entry in src/main src/post src/down-action src/preview src/cache-worker smoke/main; do
  name=${entry#src/}
  name=${name%-*}
  folder=$target/${name%/main}
  ncc build "build/$entry.js" --out "$folder" --quiet --stats-out build/stats.json
  node scripts/licenses.ts build/stats.json >"$folder/licenses.txt"
done
rm -rf build
