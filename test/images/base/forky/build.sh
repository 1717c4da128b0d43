#!/usr/bin/env bash
# The smallest Debian testing that apt can build on.
set -euo pipefail
cd "$(dirname "$0")"
../debootstrap.sh forky "$OUT"
