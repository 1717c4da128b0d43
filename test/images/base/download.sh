#!/usr/bin/env bash
# download.sh DIRECTORY PACKAGE...: unpacks packages of Debian testing into DIRECTORY, and installs nothing on this machine.
set -euo pipefail
target=$1
shift
apt=$CACHE/apt-testing
mkdir -p "$apt"/{lists/partial,cache/archives/partial}
# The archive that this machine itself is configured for.
# shellcheck disable=SC2016
source=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
printf 'Types: deb\nURIs: %s\nSuites: forky\nComponents: main\nCheck-Valid-Until: no\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
  "$source" >"$apt/testing.sources"
options=(-qq -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "Dir::Etc::sourcelist=$apt/testing.sources" -o Dir::Etc::sourceparts=/dev/null
  -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User=root)
(
  flock 9
  [ -n "$(find "$apt/lists" -name '*Packages*' -mmin -1440 -print -quit)" ] || apt-get "${options[@]}" update
) 9>"$apt/lock"
cd "$target"
apt-get "${options[@]}" download "$@"
for package in ./*.deb; do dpkg-deb -x "$package" .; done
rm -f ./*.deb
