#!/usr/bin/env bash
# Dumps the database that DATABASE_URL names, proves the dump complete, and removes what is older than the retention.
set -euo pipefail
umask 077
root="$(cd "$(dirname "$0")/../.." && pwd)"
# shellcheck source=scripts/backup/database.sh
. "$root/scripts/backup/database.sh"

usage="Usage: DATABASE_URL=... scripts/backup/backup-database.sh [FOLDER]

Leaves database-<time>.tar.gz and its .sha256 in FOLDER (backups), and prints its path as the last line.
  DATABASE_URL    through the session pooler, port 5432
  BACKUP_SCHEMAS  names with commas between; public
It dumps with the Supabase CLI, which needs docker. The three dumps (roles, schema, data) follow each other: migrate at another time.
Backups in FOLDER that are older than the retention (backup.retentionDays in scripts/policy/policy.json) are removed.
Exit codes: 0 made and complete, 1 not."

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
folder="${1:-backups}"
schemas="${BACKUP_SCHEMAS:-public}"
[[ "$schemas" =~ ^[a-z_][a-z0-9_]*(,[a-z_][a-z0-9_]*)*$ ]] || fail "BACKUP_SCHEMAS is no list of schemas such as public,app"
need supabase
need node
connect
mkdir -p "$folder"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dump() {
  supabase db dump --db-url "$address" --file "$work/$1" "${@:2}" >&2 || fail "the Supabase CLI could not dump $1; there is no backup"
}
dump roles.sql --role-only
dump schema.sql --schema "$schemas"
dump data.sql --data-only --use-copy --schema "$schemas"

made="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
tables="$(grep -c '^CREATE TABLE ' "$work/schema.sql" || true)"
printf '{ "made": "%s", "source": "%s", "schemas": "%s", "tables": %s }\n' "$made" "$identity" "$schemas" "$tables" > "$work/manifest.json"

file="$folder/database-${made//:/-}.tar.gz"
# Two in one second have one name: the second would take the first one's place, and take it away when it fails.
[ ! -e "$file" ] || fail "$file was made this very second; there is no second backup. Run it again"
# shellcheck disable=SC2086 # four names
tar -czf "$file" -C "$work" $members
echo "$(sha256 "$file")  $(basename "$file")" > "$file.sha256"
"$root/scripts/backup/verify-backup.sh" "$file" >&2 || {
  rm -f "$file" "$file.sha256"
  fail "the dump is not complete and was removed"
}

days="$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).backup.retentionDays' "$root/scripts/policy/policy.json")"
find "$folder" -maxdepth 1 -name 'database-*.tar.gz*' -mtime "+$((days - 1))" -print -delete | sed 's/^/removed: /' >&2
echo "$file"
