#!/usr/bin/env bash
# Compares staging with production: status, secret names, resources, versions, health.
set -euo pipefail
case "${1:-}" in
  -h | --help)
    echo "Usage: scripts/ops/check-parity.sh [arguments of infra parity]

Compares staging with production and names each difference that is not declared, with what to do about it.
Exit codes: 0 none, 1 an error, 2 differences."
    exit 0
    ;;
esac
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/ops/infra.sh
. scripts/ops/infra.sh
run_infra parity "$@"
