#!/usr/bin/env bash
# Kafka with its tools, and the ZooKeeper that Kafka 3.9 brings with it: the published images share one installation, too.
set -euo pipefail
cd "$(dirname "$0")"
../maven.sh "$PWD/pom.xml" "$OUT/libs"
