#!/usr/bin/env bash
# Says whether the application's database can be reached with the address that the application has.
set -euo pipefail
case "${1:-}" in
  -h | --help)
    echo "Usage: scripts/ops/check-database.sh

Connects with env DATABASE_URL and asks for one row. The address is no argument of a process.
Output: database (reached, not asked).
Exit codes: 0 reached, or DATABASE_URL is not set; 1 not reached."
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
give() { echo "database=$1" | tee -a "${GITHUB_OUTPUT:-/dev/null}"; }
if [ -z "${DATABASE_URL:-}" ]; then
  give "not asked"
  exit 0
fi
# shellcheck source=scripts/backup/database.sh
. scripts/backup/database.sh
connect
PGCONNECT_TIMEOUT=10 psql --no-psqlrc --quiet --tuples-only --command "select 1" > /dev/null || fail "the database cannot be reached"
give reached
