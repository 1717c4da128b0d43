#!/usr/bin/env bash
# Builds Grafana's back end from the module that upstream has published, and takes the files along that it reads at run time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
go=$(../base/go.sh)
PATH=$(dirname "$go"):$PATH
command -v cc >/dev/null || ../../../scripts/apt-install.sh gcc libc6-dev

version=v1.9.2-0.20230609164553-81d85ce8028d
export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=mod CGO_ENABLED=1
# A module's folder is read-only, and a file is generated in it.
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
source=$("$go" mod download -json "github.com/grafana/grafana@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
cp -r "$source" "$work/src"
chmod -R u+w "$work/src"
cd "$work/src"
"$go" run github.com/google/wire/cmd/wire@v0.7.0 gen -tags oss ./pkg/server
"$go" build -p "${JOBS:-2}" -trimpath -buildvcs=false -tags oss \
  -ldflags '-s -w -checklinkname=0 -X main.version=10.0.0-preview -X main.commit=81d85ce8028d -X main.buildBranch=main' \
  -o "$OUT/bin/grafana" ./pkg/cmd/grafana

cp -r conf "$OUT/conf"
mkdir -p "$OUT/public/app/plugins" "$OUT/public/views"
cp -r public/img public/emails "$OUT/public/"
find public/app/plugins -name plugin.json -print0 | tar --null -T - -cf - | tar -x -C "$OUT"
# The page that carries the front end is not in the module; without it the server refuses to start.
printf '<!doctype html><title>Grafana</title><p>This build has no pages.</p>\n' >"$OUT/public/views/index.html"
cp "$OUT/public/views/index.html" "$OUT/public/views/error.html"
