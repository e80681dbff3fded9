#!/usr/bin/env bash
# Says whether a backup is whole: its checksum, its four files, and that each dump begins and ends as a finished one does.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
# shellcheck source=scripts/backup/database.sh
. "$root/scripts/backup/database.sh"

usage="Usage: scripts/backup/verify-backup.sh [BACKUP.tar.gz] [--max-age-hours N]

Verifies a backup, or the newest one in backups/. Exit codes: 0 complete, and young enough; 1 not."

backup=""
hours=""
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      echo "$usage"
      exit 0
      ;;
    --max-age-hours)
      hours="${2:?--max-age-hours needs a number}"
      shift
      ;;
    *) backup="$1" ;;
  esac
  shift
done
# Their names sort by time.
if [ -z "$backup" ]; then backup="$(find backups -maxdepth 1 -name 'database-*.tar.gz' 2> /dev/null | sort | tail -1)"; fi
[ -n "$backup" ] || fail "there is no backup in backups/"
[ -f "$backup" ] || fail "$backup does not exist"
[ -f "$backup.sha256" ] || fail "$backup.sha256 does not exist, so that nothing proves the backup whole"
[ "$(cut -d ' ' -f 1 "$backup.sha256")" = "$(sha256 "$backup")" ] || fail "$backup is not what was written: its checksum differs from $backup.sha256"
if [ -n "$hours" ] && [ -z "$(find "$backup" -mmin "-$((hours * 60))")" ]; then
  fail "$backup is older than $hours hours"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
gzip -t "$backup" || fail "$backup is no whole gzip file"
[ "$(tar -tzf "$backup" | tr '\n' ' ')" = "$members " ] || fail "$backup does not hold $members"
tar -xzf "$backup" -C "$work"

counted="$(grep -c '^CREATE TABLE ' "$work/schema.sql" || true)"
[ "$counted" -gt 0 ] || fail "the schema in $backup has no table"
grep -q "\"tables\": $counted " "$work/manifest.json" || fail "the schema in $backup has $counted tables, which is not what its manifest says"
[ -s "$work/roles.sql" ] || fail "the roles in $backup are empty"
head -1 "$work/data.sql" | grep -q '^SET session_replication_role = replica;' || fail "the data in $backup do not begin as a dump does"
[ "$(grep -v '^$' "$work/data.sql" | tail -1)" = "RESET ALL;" ] || fail "the data in $backup stop before the end of the dump"
opened="$(grep -c '^COPY .* FROM stdin;$' "$work/data.sql" || true)"
closed="$(grep -c '^\\\.$' "$work/data.sql" || true)"
[ "$opened" = "$closed" ] || fail "the data in $backup begin $opened tables and end $closed"
echo "verified: $backup, $counted tables, $(wc -c < "$backup" | tr -d ' ') bytes"
