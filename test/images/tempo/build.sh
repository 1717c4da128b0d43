#!/usr/bin/env bash
# Builds Tempo from the newest module that upstream has published, and the program that answers -health in front of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
go=$(../base/go.sh)

export GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp go.mod go.sum "$work"
(cd "$work" && "$go" build -mod=mod -p "${JOBS:-2}" -trimpath -buildvcs=false \
  -ldflags '-s -w -X main.Version=2.9.0-dev -X main.Branch=main -X main.Revision=87c2dc380cec' \
  -o "$OUT/tempo-upstream" github.com/grafana/tempo/cmd/tempo)
"$go" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$OUT/tempo" front.go
