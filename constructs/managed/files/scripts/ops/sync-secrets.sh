#!/usr/bin/env bash
# Brings the declared secrets from their sources to Fly and GitHub; nothing is copied into the repository.
set -euo pipefail
case "${1:-}" in
  -h | --help)
    echo "Usage: scripts/ops/sync-secrets.sh [STACK...] [arguments of infra secrets sync]

Writes what differs, as far as that can be known; --dry-run only says what it would write. Values come from env vars, the sources that the
configuration declares, --dotenv FILE, or the vault folder.
Exit codes: 0 every place has what its source has, 1 an error, 2 something is left to do."
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/ops/infra.sh
. scripts/ops/infra.sh
run_infra secrets sync "$@"
