#!/usr/bin/env bash
# What the Danger check runs.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage="Usage: scripts/policy/danger.sh

Holds the pull request of this run against the rules of scripts/policy/dangerfile.mjs. Danger comments on it and sets the commit's status;
on one from a fork, where GitHub lends a run no right to write, the verdict stands in the summary of the run alone.
Environment: DANGER_GITHUB_API_TOKEN, HEAD_REPOSITORY (owner/name that the pull request comes from), and what GitHub Actions sets.
Exit codes: 0 it keeps the rules, 1 it does not, or Danger could not judge."

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac

options=(--dangerfile scripts/policy/dangerfile.mjs --failOnErrors)
if [ "${HEAD_REPOSITORY:?must name the repository that the pull request comes from}" != "${GITHUB_REPOSITORY:?}" ]; then
  echo "From a fork: GitHub lends this run no right to comment. The verdict stands in the summary."
  options+=(--text-only)
fi

verdict="$(mktemp)"
code=0
NO_COLOR=1 npm exec --no -- danger ci "${options[@]}" 2>&1 | tee "$verdict" || code=$?
{
  echo "## Danger"
  echo '````text'
  cat "$verdict"
  echo '````'
} >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
rm -f "$verdict"
exit "$code"
