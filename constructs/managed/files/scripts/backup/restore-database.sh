#!/usr/bin/env bash
# Restores a backup into staging first, and then, with a typed confirmation, into production.
set -euo pipefail
umask 077
root="$(cd "$(dirname "$0")/../.." && pwd)"
# shellcheck source=scripts/backup/database.sh
. "$root/scripts/backup/database.sh"

usage="Usage: DATABASE_URL=... scripts/backup/restore-database.sh BACKUP.tar.gz staging|production [--replace]

Restores into the database that DATABASE_URL names: in one transaction, so that it is all restored or nothing is changed.
  --replace        drop the schemas of the backup first; without it a database that has tables is refused
  RESTORE_CONFIRM  for production: user@host:port/database, typed; asked for where there is a terminal
  RESTORE_LOG      one line per restore is added to it; artifacts/restores/log.jsonl
Staging is refused where DATABASE_URL is the database that the backup was made of. Production is refused until the log shows that this very
backup was restored into staging, and a backup of it is made before anything is replaced.
Exit codes: 0 restored and verified, 1 not."

backup=""
target=""
replace=no
for argument in "$@"; do
  case "$argument" in
    -h | --help)
      echo "$usage"
      exit 0
      ;;
    --replace) replace=yes ;;
    staging | production) target="$argument" ;;
    *) backup="$argument" ;;
  esac
done
[ -n "$backup" ] && [ -n "$target" ] || {
  echo "$usage" >&2
  exit 1
}
need psql
need node
"$root/scripts/backup/verify-backup.sh" "$backup"
connect

log="${RESTORE_LOG:-artifacts/restores/log.jsonl}"
sum="$(sha256 "$backup")"
began="$(date +%s)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
tar -xzf "$backup" -C "$work"
{ IFS= read -r source_identity && read -r schemas && read -r tables; } < <(
  node -p 'const { source, schemas, tables } = JSON.parse(require("fs").readFileSync(0)); [source, schemas, tables].join("\n")' < "$work/manifest.json"
)

ask() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"
}
# One line of the log; no value in it can hold a quote.
record() {
  mkdir -p "$(dirname "$log")"
  printf '{"time":"%s","target":"%s","database":"%s","backup":"%s","sha256":"%s","outcome":"%s","seconds":%s}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$target" "$identity" "$(basename "$backup")" "$sum" "$1" "$(($(date +%s) - began))" >> "$log"
}

if [ "$target" = staging ]; then
  [ "$(place "$identity")" != "$(place "$source_identity")" ] || fail "DATABASE_URL is $identity, of which this backup was made: that is not staging. Nothing was changed"
else
  grep -qs "\"target\":\"staging\".*\"sha256\":\"$sum\",\"outcome\":\"restored\"" "$log" ||
    fail "$log does not show that this backup was restored into staging. Do that first, with staging's DATABASE_URL: $0 $backup staging --replace"
  confirmation="${RESTORE_CONFIRM:-}"
  if [ -z "$confirmation" ] && [ -t 0 ]; then
    read -r -p "This replaces production's data. Type $identity to go on: " confirmation
  fi
  [ "$confirmation" = "$identity" ] || fail "production needs a typed confirmation: RESTORE_CONFIRM=$identity. Nothing was changed"
fi

list="'${schemas//,/\',\'}'"
count="select count(*) from pg_tables where schemaname in ($list)"
present="$(ask "$count")" || fail "$identity does not answer; nothing was changed"
prepare=""
if [ "$present" -gt 0 ]; then
  [ "$replace" = yes ] || fail "$identity has $present tables; to drop them first, add --replace. Nothing was changed"
  if [ "$target" = production ]; then
    "$root/scripts/backup/backup-database.sh" backups/before-restore || fail "production could not be backed up first; nothing was changed"
  fi
  for schema in ${schemas//,/ }; do prepare+="drop schema if exists \"$schema\" cascade; create schema \"$schema\";"; done
fi

# Roles that are there already are no failure.
psql -X -q -f "$work/roles.sql" > /dev/null 2>&1 || true
psql -X -q -v ON_ERROR_STOP=1 --single-transaction -c "set client_min_messages = warning; $prepare" -f "$work/schema.sql" -f "$work/data.sql" > /dev/null || {
  record failed
  fail "the restore failed and was undone; $identity is as it was"
}
restored="$(ask "$count")"
[ "$restored" = "$tables" ] || {
  record incomplete
  fail "$identity has $restored tables after the restore, the backup has $tables"
}
psql -X -q -f "$root/supabase/rls_tests.sql" > /dev/null || {
  record "without-rls"
  fail "the restore is done, and the tests of row-level security fail on it"
}
record restored
echo "restored: $(basename "$backup") into $identity, $restored tables; row-level security holds; noted in $log"
