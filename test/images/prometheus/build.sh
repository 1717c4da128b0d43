#!/usr/bin/env bash
# Debian testing's Prometheus needs no newer C library than Debian 12 has.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
../base/download.sh "$work" prometheus promtool
cp "$work/usr/bin/prometheus" "$work/usr/bin/promtool" "$OUT"
