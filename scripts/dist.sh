#!/usr/bin/env bash
# Builds dist/ from src/: tsc, then ncc on the JavaScript (ncc cannot drive TypeScript 7 itself). Byte-reproducible.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"

target=${1:-dist}
rm -rf build "$target"
tsc -p tsconfig.build.json
for entry in main post down-action cache-worker; do
  ncc build "build/$entry.js" --out "$target/${entry%-*}" --quiet --license licenses.txt
done
rm -rf build
