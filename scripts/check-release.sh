#!/usr/bin/env bash
# May this commit be released as VERSION? `check-release.sh 1.4.0`; every tag has to be here.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1-}

refuse() { printf '%s\n' "$@" >&2; exit 1; }

[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] ||
  refuse "\"$version\" is no version such as 1.4.0: three numbers, without a v before or anything behind."
[[ ${GITHUB_REF:-refs/heads/main} == refs/heads/main ]] ||
  refuse "Releases are made from main, and this is $GITHUB_REF." 'Run the workflow on main.'

named=$(sed -nE 's/^  "version": "([^"]*)",?$/\1/p' package.json)
[[ $named == "$version" ]] ||
  refuse "package.json says $named." "Change it to $version by pull request first (\`npm version --no-git-tag-version $version\`)."

! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null ||
  refuse "There is a tag v$version already, and what is released stays as it is." 'Take the next version.'
newest=$(git tag --list 'v*.*.*' | sort -V | tail -n 1)
[[ $(printf '%s\n' "$newest" "v$version" | sort -V | tail -n 1) == "v$version" ]] ||
  refuse "$newest is released, which is newer than $version." "Take a version above ${newest#v}."
echo "v$version may be released${newest:+ after $newest}."
