#!/usr/bin/env bash
# The drift sweep: at the start and the end of the working day, or by hand.
set -euo pipefail
case "${1:-}" in
  -h | --help)
    echo "Usage: scripts/ops/daily-drift-sweep.sh [arguments of infra drift]

Compares everything live with what is declared, changes nothing, and writes reports/status/gaps.md.
Exit codes: 0 all checks pass, 1 an error, 2 differences."
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/ops/infra.sh
. scripts/ops/infra.sh
run_infra drift "$@"
