# shellcheck shell=bash
# Sourced by the scripts beside it: the way to the database, and what a backup is.
#
# A backup is database-<time>.tar.gz with the four files below, and its checksum beside it in a file of that name and .sha256.
# shellcheck disable=SC2034 # used where this is sourced
members="manifest.json roles.sql schema.sql data.sql"

fail() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

need() {
  command -v "$1" > /dev/null || fail "$1 is not on this machine"
}

# Takes DATABASE_URL apart into the variables that libpq reads (PGHOST, ...) and sets:
#   address   the URL without its password, for tools that want one: no password is ever an argument of a process
#   identity  user@host:port/database, which tells two databases apart
connect() {
  local ended=""
  [ -n "${DATABASE_URL:-}" ] || fail "DATABASE_URL is not set"
  {
    IFS= read -r -d '' PGHOST && IFS= read -r -d '' PGPORT && IFS= read -r -d '' PGUSER && IFS= read -r -d '' PGPASSWORD &&
      IFS= read -r -d '' PGDATABASE && IFS= read -r -d '' PGSSLMODE && IFS= read -r -d '' address && IFS= read -r -d '' ended
  } < <(
    node << 'NODE'
const parts = (url) => {
  if (!/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || !url.username) return "DATABASE_URL is no postgres://user:password@host/database";
  // Statements of one session do not stay together behind a transaction pooler.
  if (url.port === "6543") return "DATABASE_URL names the transaction pooler (port 6543); take the session pooler, port 5432";
  const here = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const port = url.port || "5432";
  const database = url.pathname.slice(1) || "postgres";
  const sslmode = url.searchParams.get("sslmode") ?? (here ? "prefer" : "require");
  const decoded = [url.username, url.password, database].map(decodeURIComponent);
  const address = `postgresql://${url.username}@${url.hostname}:${port}/${database}`;
  return [url.hostname.replace(/[[\]]/g, ""), port, decoded[0], decoded[1], decoded[2], sslmode, address, "ok"];
};
const found = URL.canParse(process.env.DATABASE_URL) ? parts(new URL(process.env.DATABASE_URL)) : "DATABASE_URL is no address";
if (typeof found === "string") console.error(found);
else process.stdout.write(found.map((part) => `${part}\0`).join(""));
NODE
  ) || true
  [ "$ended" = ok ] || fail "there is no way to the database; nothing was changed"
  export PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE
  identity="$PGUSER@$PGHOST:$PGPORT/$PGDATABASE"
}

# Prints an identity without its role: another role of a database is the same database. Behind Supabase's pooler, whose host many projects
# share, the user is role.project.
place() {
  local user="${1%%@*}" rest="${1#*@}"
  case "$user" in
    *.*) echo "${user##*.}@$rest" ;;
    *) echo "$rest" ;;
  esac
}

# Prints the SHA-256 of a file.
sha256() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
