#!/usr/bin/env bash
# Gathers what an approver of a production deployment reads: migration evidence, secret verification, logs of the staging deployment.
set -euo pipefail
usage="Usage: scripts/ops/readiness.sh FOLDER

Writes the evidence of env COMMIT into FOLDER, and says in the summary what could not be had.
Env vars: COMMIT; MIGRATIONS, the folder of migrations; STAGING_RUN, id of the staging deployment, empty without staging; GH_TOKEN.
Exit codes: 0 gathered, 1 the staging deployment's files are gone, 2 it was called wrongly."
case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
if [ "$#" -ne 1 ]; then
  echo "$usage" >&2
  exit 2
fi
folder="$1"
say() { echo "$1" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"; }
mkdir -p "$folder/migrations"
say "### Readiness of ${COMMIT:0:12}"
git ls-files -- "$MIGRATIONS" > "$folder/migrations/files.txt"
say "- migrations in this version: $(wc -l < "$folder/migrations/files.txt")"
if [ -f docs/runbooks/data_change_log.md ]; then
  cp docs/runbooks/data_change_log.md "$folder/migrations/"
else
  say "- docs/runbooks/data_change_log.md is missing"
fi
if gh run list --repo "$GITHUB_REPOSITORY" --workflow migration-test.yml --limit 20 \
  --json conclusion,createdAt,headSha,url > "$folder/migrations/runs.json"; then
  say "- dry runs of migrations: migrations/runs.json"
else
  say "- dry runs of migrations cannot be listed"
fi
if [ -z "${STAGING_RUN:-}" ]; then
  say "- there is no staging"
elif gh run download "$STAGING_RUN" --repo "$GITHUB_REPOSITORY" --dir "$folder/staging"; then
  say "- staging: run $STAGING_RUN, with its secret verification, log, health report and record"
else
  echo "::error title=No staging evidence::run $STAGING_RUN keeps no files any more; deploy the commit to staging again"
  exit 1
fi
