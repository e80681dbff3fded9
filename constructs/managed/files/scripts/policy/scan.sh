#!/usr/bin/env bash
# What `npm run scan` and the Gitleaks check run: the whole history, or the commits of a range.
# Exit codes: 0 nothing found, 9 secrets found, 1 the scan could not be made or an allow list says no reason and owner.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage="Usage: scripts/policy/scan.sh [--range FROM..TO] [--report FILE.sarif]

Looks for secrets in the whole history, or in the commits of a range, and shows none of them.
Exit codes: 0 nothing found, 9 secrets found, 1 the scan could not be made or an allow list says no reason and owner."

fail() {
  echo "$1" >&2
  exit 1
}

options=()
range=""
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      echo "$usage"
      exit 0
      ;;
    --range) range="${2:?--range needs FROM..TO}" ;;
    --report) options+=(--report-format sarif --report-path "${2:?--report needs a file}") ;;
    *) fail "scan: $1 is not an option; see scripts/policy/scan.sh --help" ;;
  esac
  shift 2
done

command -v gitleaks > /dev/null || fail "scan: gitleaks is not on this machine; docs/runbooks/gitleaks_setup.md says how to get it"
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  fail "scan: this clone has only a part of the history; run: git fetch --unshallow (in a workflow: fetch-depth: 0)"
fi
node scripts/policy/check-gitleaks.mjs || fail "scan: not made, because of the allow lists"
if [ -n "$range" ]; then
  git rev-list --quiet "$range" -- || fail "scan: git knows no commits $range"
  options+=(--log-opts "$range")
fi

found=0
gitleaks git --config .gitleaks.toml --ignore-gitleaks-allow --redact --verbose --no-banner --exit-code 9 ${options[@]+"${options[@]}"} . || found=$?
case "$found" in
  0) echo "scan: no secret found" ;;
  9) echo "scan: secrets found. Revoke and rotate each first, then follow docs/runbooks/secrets_management.md; nothing is retried." >&2 ;;
  *) fail "scan: gitleaks failed with exit code $found; nothing is known about secrets" ;;
esac
exit "$found"
