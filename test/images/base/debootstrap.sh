#!/usr/bin/env bash
# debootstrap.sh SUITE DIRECTORY: a minimal Debian as DIRECTORY/rootfs/, without documentation, locales and package lists.
set -euo pipefail
suite=$1
target=$2/rootfs
command -v debootstrap >/dev/null || "$(dirname "$0")/../../../scripts/apt-install.sh" debootstrap

# The archive that this machine itself is configured for; debootstrap's own default where there is none.
# shellcheck disable=SC2016
source=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
scripts=/usr/share/debootstrap/scripts
[ -e "$scripts/$suite" ] || ln -s sid "$scripts/$suite"

debootstrap --variant=minbase "$suite" "$target" ${source:+"$source"} >"$2/debootstrap.log" 2>&1 ||
  { tail -n 20 "$2/debootstrap.log" >&2; exit 1; }
rm -rf "$2/debootstrap.log" "$target"/var/cache/apt/archives/*.deb "$target"/var/lib/apt/lists/* \
  "$target"/usr/share/doc/* "$target"/usr/share/man/* "$target"/usr/share/locale/* "$target"/dev/*
# Testing's Release file may be past its date on a mirror.
printf 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n' >"$target/etc/apt/apt.conf.d/90paklog"
printf 'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n' \
  >"$target/etc/dpkg/dpkg.cfg.d/90paklog"
