# shellcheck shell=bash
# Sourced by the scripts beside it: they call the command line of hotdash-infra, of which this repository pins a version.

# Runs `infra COMMAND ARGUMENTS...`, and says so where the installed version has no such command.
run_infra() {
  local commands
  commands="$(npm exec --no -- infra --help)" || {
    echo "$0: hotdash-infra is not installed; run: npm ci" >&2
    exit 1
  }
  if ! grep -Eq "^  $1( |\$)" <<< "$commands"; then
    echo "$0: this needs infra $1, which the installed version of hotdash-infra does not have; update hotdash-infra in package.json" >&2
    exit 1
  fi
  exec npm exec --no -- infra "$@"
}
