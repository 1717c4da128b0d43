#!/usr/bin/env bash
# go.sh: prints the path of a Go 1.26 or later; unpacks Debian testing's where the machine's own is older or missing.
set -euo pipefail
least=1.26
fits() { [ -x "$1" ] && [ "$(printf '%s\n%s\n' "$("$1" env GOVERSION | sed 's/^go//')" "$least" | sort -V | head -n 1)" = "$least" ]; }

own=$(command -v go || true)
if [ -n "$own" ] && fits "$own"; then echo "$own"; exit; fi
unpacked=$CACHE/go-toolchain
if ! fits "$unpacked/usr/lib/go-1.26/bin/go"; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && apt-get download -qq golang-1.26-go golang-1.26-src >/dev/null 2>&1) ||
    { echo 'Go 1.26 or later is needed to build this image, and no configured package source has it: install Go.' >&2; exit 1; }
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$unpacked"; done
  # The package points to its sources under /usr/share.
  rm -rf "$unpacked"/usr/lib/go-1.26/{src,test,api,pkg/include,misc}
  for part in "$unpacked"/usr/share/go-1.26/*; do ln -sfn "$part" "$unpacked/usr/lib/go-1.26/$(basename "$part")"; done
fi
echo "$unpacked/usr/lib/go-1.26/bin/go"
