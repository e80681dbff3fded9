#!/usr/bin/env bash
# Encrypts a backup before it becomes an artifact, which everybody who may read the repository can fetch, and opens it again.
set -euo pipefail
umask 077

usage="Usage: BACKUP_PASSPHRASE=... scripts/backup/seal.sh seal|open FILE

seal  leaves FILE.gpg in the place of FILE
open  leaves FILE without .gpg beside FILE.gpg; a file that was changed, or another passphrase, is refused
By gpg, AES-256; without this script: gpg --decrypt FILE.gpg > FILE. The passphrase is kept where the backups are not: without it they are lost.
Exit codes: 0 done, 1 not."

fail() {
  echo "seal: $1" >&2
  exit 1
}

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
  seal | open) ;;
  *)
    echo "$usage" >&2
    exit 1
    ;;
esac
file="${2:-}"
[ -f "$file" ] || fail "\"$file\" is no file"
[ "${#BACKUP_PASSPHRASE}" -ge 20 ] || fail "BACKUP_PASSPHRASE is not set, or has fewer than 20 characters"
command -v gpg > /dev/null || fail "gpg is not on this machine"

home="$(mktemp -d)"
trap 'gpgconf --homedir "$home" --kill all > /dev/null 2>&1 || true; rm -rf "$home"' EXIT
# The passphrase comes by a pipe: neither an argument nor a file holds it.
with_passphrase() {
  gpg --homedir "$home" --batch --yes --quiet --no-options --pinentry-mode loopback --passphrase-fd 3 "$@" 3<<< "$BACKUP_PASSPHRASE"
}

if [ "$1" = seal ]; then
  with_passphrase --symmetric --cipher-algo AES256 --s2k-digest-algo SHA512 --s2k-count 65011712 --output "$file.gpg" "$file" ||
    fail "gpg could not encrypt $file"
  rm "$file"
  echo "sealed: $file.gpg"
else
  [[ "$file" = *.gpg ]] || fail "$file does not end in .gpg"
  with_passphrase --decrypt --output "${file%.gpg}" "$file" || {
    rm -f "${file%.gpg}"
    fail "$file was changed, or BACKUP_PASSPHRASE is not the one that it was sealed with"
  }
  echo "opened: ${file%.gpg}"
fi
