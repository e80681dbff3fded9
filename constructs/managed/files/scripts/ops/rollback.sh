#!/usr/bin/env bash
# Rolls an environment back to a released version. Preferred is the workflow "Rollback Production"; this is for an emergency.
set -euo pipefail
usage="Usage: scripts/ops/rollback.sh VERSION [ENVIRONMENT] [arguments of infra rollback]

Puts the image of VERSION, such as v1.0.0, in service again and verifies it. ENVIRONMENT is production (default) or staging.
It changes the image and never the data.
Exit codes: 0 rolled back and healthy, 1 not."
case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
version="${1:-}"
if ! [[ "$version" =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-(alpha|beta|rc)\.[0-9]+)?$ ]]; then
  echo "rollback: \"$version\" is no version such as v1.0.0" >&2
  echo "$usage" >&2
  exit 1
fi
environment="${2:-production}"
case "$environment" in
  production | staging) ;;
  *)
    echo "rollback: \"$environment\" is neither production nor staging" >&2
    exit 1
    ;;
esac
shift $(($# > 1 ? 2 : 1))
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/ops/infra.sh
. scripts/ops/infra.sh
run_infra rollback "$environment" --to "$version" "$@"
