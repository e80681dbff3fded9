#!/usr/bin/env bash
# The drift sweep: at the start and the end of the working day, or by hand.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node scripts/ops/sweep.mjs "$@"
