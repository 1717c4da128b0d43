#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
../base/maven.sh "$PWD/pom.xml" "$OUT/lib"
