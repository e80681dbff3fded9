#!/usr/bin/env bash
# Applies the new migrations to rows in a PostgreSQL that is thrown away, and undoes them again.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage="Usage: scripts/ops/migration-dry-run.sh --base COMMIT --folder FOLDER --fixtures FILE --postgres MAJOR --report FOLDER

Starts a PostgreSQL of its own in a temporary folder, without a port, and there
  1. makes the database of COMMIT: what Supabase has (scripts/ops/migration-base.sql, then supabase/dry-run.sql where it exists, for what else
     the migrations need), the migrations of COMMIT, and the rows of FILE as COMMIT has it;
  2. applies the migrations that are new since then, each in one transaction (one that says CONCURRENTLY in none);
  3. fails where a table, view, column, function or enum value is gone or a table has fewer rows: migrations only add;
  4. runs supabase/rls_tests.sql;
  5. runs rollback.sql beside FOLDER, which has to give back the schema of COMMIT.
The report holds schema.diff, rollback.diff, result.txt and rollback-guide.md.
Exit codes: 0 all is well, 1 it is not, 2 it cannot judge."

cannot() {
  echo "migration-dry-run: $1" >&2
  exit 2
}

base="" folder="" fixtures="" major="" report=""
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help)
      echo "$usage"
      exit 0
      ;;
    --base) base="${2:-}" ;;
    --folder) folder="${2:-}" ;;
    --fixtures) fixtures="${2:-}" ;;
    --postgres) major="${2:-}" ;;
    --report) report="${2:-}" ;;
    *) cannot "$1 is not an option; see scripts/ops/migration-dry-run.sh --help" ;;
  esac
  shift 2 || cannot "$1 needs a value"
done
for option in base folder fixtures major report; do
  if [ -z "${!option}" ]; then cannot "an option is missing ($option); see scripts/ops/migration-dry-run.sh --help"; fi
done
base="$(git merge-base "$base" HEAD)" || cannot "git knows no common commit with $base"
rollback="$(dirname "$folder")/rollback.sql"
mkdir -p "$report"
report="$(cd "$report" && pwd)"
: > "$report/result.txt"

# One line of the verdict; a problem counts.
problems=0
note() { echo "$1" | tee -a "$report/result.txt"; }
problem() {
  problems=$((problems + 1))
  echo "::error title=$1::$2"
  echo "FAIL $1: $2" >> "$report/result.txt"
}

# A server refuses to be root's.
bin="/usr/lib/postgresql/$major/bin"
if [ ! -x "$bin/initdb" ]; then
  bin="$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -1)"
  [ -n "$bin" ] || cannot "PostgreSQL is not on this machine; on Debian: apt-get install postgresql"
  note "NOTE PostgreSQL $major is not on this machine; this is $("$bin/postgres" --version)"
fi
PATH="$bin:$PATH:/usr/sbin"
work="$(mktemp -d)"
as=()
if [ "$(id -u)" = 0 ]; then
  as=(runuser -u postgres --)
  chown postgres "$work"
fi
server() { ${as[@]+"${as[@]}"} "$bin/pg_ctl" --pgdata "$work/data" --silent "$@" < /dev/null >> "$work/log" 2>&1; }
trap 'server --mode immediate stop || true; rm -rf "$work"' EXIT
touch "$work/log"
start() {
  cd /
  ${as[@]+"${as[@]}"} "$bin/initdb" --pgdata "$work/data" --username postgres --auth trust --encoding UTF8 --no-sync >> "$work/log" 2>&1 &&
    server --wait --options "-k $work -c listen_addresses= -c fsync=off" start
}
(start) || cannot "PostgreSQL does not start: $(tail -1 "$work/log")"
export PGHOST="$work" PGUSER=postgres PGOPTIONS="-c client_min_messages=warning"

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }
apply() { # database, file
  if grep -qi concurrently "$2"; then sql -d "$1" -f "$2"; else sql -1 -d "$1" -f "$2"; fi
}
# The random words of \restrict differ from dump to dump.
dump() { pg_dump --schema-only --no-owner -d "$1" | sed -E '/^\\(un)?restrict /d'; }
inventory() { sql -At -d "$1" -f scripts/ops/migration-inventory.sql; }
rows() {
  sql -At -F ' ' -d "$1" -c "
    select format('%I.%I', nspname, relname),
      (xpath('//c/text()', query_to_xml(format('select count(*) as c from %I.%I', nspname, relname), false, true, '')))[1]
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p') and nspname !~ '^(pg_|information_schema|auth$|extensions$)' order by 1"
}
at_base() { git cat-file -e "$base:$1" 2> /dev/null; }

# 1. The database as it is.
createdb before
sql -1 -d before -f scripts/ops/migration-base.sql
if [ -f supabase/dry-run.sql ]; then sql -1 -d before -f supabase/dry-run.sql; fi
mkdir "$work/base"
while IFS= read -r path; do
  git show "$base:$path" > "$work/base/$(basename "$path")"
  apply before "$work/base/$(basename "$path")" || cannot "$path of the base does not apply; supabase/dry-run.sql can hold what it needs"
done < <(git ls-tree -r --name-only "$base" -- "$folder" | grep '\.sql$' | LC_ALL=C sort)
if at_base "$fixtures"; then
  git show "$base:$fixtures" > "$work/fixtures.sql"
elif [ -f "$fixtures" ]; then
  cp "$fixtures" "$work/fixtures.sql"
else
  cannot "$fixtures is missing (database.fixtures): on a database without rows a migration that breaks passes"
fi
apply before "$work/fixtures.sql" || cannot "$fixtures does not fit the schema of the base"
dump before > "$work/before.sql"
inventory before > "$work/before.txt"
rows before > "$work/before-rows.txt"

# 2. The new migrations.
new=()
while IFS= read -r path; do new+=("$path"); done < <(git diff --no-renames --name-only --diff-filter=A "$base" HEAD -- "$folder" | grep '\.sql$' | LC_ALL=C sort)
createdb --template before after
broken=""
for path in ${new[@]+"${new[@]}"}; do
  if apply after "$path" 2> "$work/error"; then
    note "PASS $path applies to rows"
  else
    broken="$path"
    problem "Migration fails" "$path: $(grep -m 1 ERROR "$work/error" | sed 's/.*ERROR: *//')"
    cat "$work/error" >&2
    break
  fi
done
dump after > "$work/after.sql"
diff -u --label before --label after "$work/before.sql" "$work/after.sql" > "$report/schema.diff" || true

# 3. Nothing is gone.
inventory after > "$work/after.txt"
rows after > "$work/after-rows.txt"
LC_ALL=C comm -23 "$work/before.txt" "$work/after.txt" > "$work/gone.txt"
while IFS=$'\t' read -r kind name detail _; do
  problem "Not additive" "$kind $name${detail:+ $detail} is gone or changed"
done < "$work/gone.txt"
while read -r table before after; do
  problem "Rows lost" "$table had $before rows and has $after"
done < <(LC_ALL=C join "$work/before-rows.txt" "$work/after-rows.txt" | awk '$3 < $2')
if [ "$problems" = 0 ]; then note "PASS nothing that was there is gone"; fi

# 4. and 5. What is left only makes sense for migrations that apply.
if [ -n "$broken" ]; then
  note "SKIP row-level security and rollback: $broken does not apply"
  echo "not tried" > "$report/rollback.diff"
else
  if sql -d after -f supabase/rls_tests.sql 2> "$work/error"; then
    note "PASS row-level security holds"
  else
    problem "Row-level security" "$(grep -m 1 ERROR "$work/error" | sed 's/.*ERROR: *//') $(sed -n '/ has no \|policy "/p' "$work/error" | tr -s ' \n' ' ')"
  fi
  createdb --template after back
  : > "$report/rollback.diff"
  if [ ! -f "$rollback" ]; then
    problem "No rollback" "$rollback is missing: it has to undo the new migrations"
  elif ! apply back "$rollback" 2> "$work/error"; then
    problem "Rollback fails" "$rollback: $(grep -m 1 ERROR "$work/error" | sed 's/.*ERROR: *//')"
  elif dump back > "$work/back.sql" && ! diff -u --label before --label "after the rollback" "$work/before.sql" "$work/back.sql" > "$report/rollback.diff"; then
    problem "Rollback is not complete" "after $rollback the schema is not that of the base: rollback.diff shows what is left"
  else
    note "PASS $rollback gives back the schema of the base"
  fi
fi

undo() { # what is new, in the order in which it can go; a column goes with its new table, a value with its new type
  LC_ALL=C comm -13 "$work/before.txt" "$work/after.txt" | awk -F '\t' '
    $1 ~ /^(table|view|type)$/ { fresh[$2] = 1 }
    { line[NR] = $0 }
    END {
      split("function view column table type value", order, " ")
      for (k = 1; k <= 6; k++) for (i = 1; i <= NR; i++) {
        split(line[i], part, "\t")
        if (part[1] == order[k] && !(part[1] ~ /^(column|value)$/ && part[2] in fresh)) print part[4]
      }
    }'
}
{
  echo "# Rollback guide"
  echo
  echo "For the migrations that $(git rev-parse --short=12 HEAD) adds to $(git rev-parse --short=12 "$base"):"
  echo
  for path in ${new[@]+"${new[@]}"}; do echo "- \`$path\`"; done
  echo
  echo "1. Put the application back first, so that nothing uses what goes away: \`scripts/ops/rollback.sh <version>\`."
  echo "2. Make a backup and see that it is complete: \`bash scripts/backup/backup-database.sh\`. What the new columns and tables hold is lost."
  echo "3. Staging first: \`psql -X -1 -v ON_ERROR_STOP=1 -f $rollback\`, the address in PG* variables; then \`psql -X -f supabase/rls_tests.sql\`."
  echo "4. Production the same way, after approval."
  echo "5. Write time, evidence and this plan into \`docs/runbooks/data_change_log.md\`."
  echo
  echo "Statements that take away exactly what is new, for comparison with \`$rollback\`:"
  echo
  echo '```sql'
  undo
  echo '```'
  echo
  echo "Dry run:"
  echo
  echo '```text'
  cat "$report/result.txt"
  echo '```'
} > "$report/rollback-guide.md"
{
  echo "## Migration dry run"
  echo
  echo '```text'
  cat "$report/result.txt"
  echo '```'
} >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
if [ "$problems" -gt 0 ]; then exit 1; fi
