#!/usr/bin/env bash
# Builds Loki from the module that upstream publishes, into $OUT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=0
version=3.7.8
build=github.com/grafana/loki/v3/pkg/util/build

go=$(../base/go.sh)
"$go" build -p "${JOBS:-2}" -trimpath -buildvcs=false \
  -ldflags "-s -w -X $build.Version=$version -X $build.Branch=release-3.7.x" \
  -o "$OUT/loki" github.com/grafana/loki/v3/cmd/loki

# Upstream's image carries this file as it stands in the module.
install -m 0644 "$("$go" list -m -f '{{.Dir}}' github.com/grafana/loki/v3)/cmd/loki/loki-docker-config.yaml" "$OUT/local-config.yaml"
