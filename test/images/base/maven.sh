#!/usr/bin/env bash
# maven.sh POM DIRECTORY: copies what the POM needs at run time into DIRECTORY.
set -euo pipefail
command -v mvn >/dev/null || "$(dirname "$0")/../../../scripts/apt-install.sh" maven openjdk-17-jdk-headless
mvn --quiet --batch-mode --file "$1" -Dmaven.repo.local="$CACHE/m2" \
  dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$2"
