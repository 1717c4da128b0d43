#!/usr/bin/env bash
# The smallest Debian 12 that apt can build on.
set -euo pipefail
cd "$(dirname "$0")"
../debootstrap.sh bookworm "$OUT"
