#!/usr/bin/env bash
# Packs what a release deploys.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage="Usage: scripts/ops/release-tarball.sh NAME VERSION FOLDER

Makes FOLDER/NAME-VERSION.tar.gz of build/, prisma/, Dockerfile, package.json and the lock file, and its SHA-256 beside it. The same files give
the same archive: names are sorted, owners are nobody, and every time is that of the commit.
Exit codes: 0 made, 1 something of it is missing, 2 wrong arguments."

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
if [ $# -ne 3 ]; then
  echo "$usage" >&2
  exit 2
fi

parts=(build prisma Dockerfile package.json package-lock.json)
missing=()
for part in "${parts[@]}"; do
  if [ ! -e "$part" ]; then missing+=("$part"); fi
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "::error title=Build failure::a release needs ${missing[*]}, and it is not there"
  exit 1
fi

archive="$1-$2.tar.gz"
mkdir -p "$3"
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" "${parts[@]}" | gzip -9 --no-name > "$3/$archive"
cd "$3"
sha256sum "$archive" > "$archive.sha256"
sha256sum --check "$archive.sha256"
