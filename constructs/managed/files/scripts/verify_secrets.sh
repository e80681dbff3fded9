#!/usr/bin/env bash
# Finds out whether each secret that is declared for a job has reached it, by name; a job cannot list the secrets of its repository.
set -euo pipefail
cd "$(dirname "$0")/.."

usage="Usage: scripts/verify_secrets.sh SCOPE|live

Fails when a secret that is declared for SCOPE is not in the environment, naming each; prints no value.
SCOPE is ci or a GitHub environment (secrets in scripts/policy/policy.json). The step hands each over by name:
  env: { SUPABASE_URL: \${{ secrets.SUPABASE_URL }}, ... }
GitHub hands no secrets to pull requests from forks and of Dependabot: there it says so and passes.
With live it asks Fly and GitHub instead, by infra secrets verify: what is missing, undeclared or over its age, with that command's exit codes.
Exit codes: 0 all are there, 1 some are missing, 2 it cannot judge."

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
  "")
    echo "$usage" >&2
    exit 2
    ;;
esac
scope="$1"
if [ "$scope" = live ]; then
  # shellcheck source=scripts/ops/infra.sh
  . scripts/ops/infra.sh
  run_infra secrets verify "${@:2}"
fi

# Names of the scope, one a line; "none" where GitHub hands no secrets over.
names="$(
  node - "$scope" << 'NODE'
const { existsSync, readFileSync } = require("node:fs");
const scopes = JSON.parse(readFileSync("scripts/policy/policy.json", "utf8")).secrets;
const scope = process.argv[2];
if (!Object.hasOwn(scopes, scope)) {
  console.error(`verify_secrets: there is no scope ${scope}; known are ${Object.keys(scopes).join(", ")}`);
  process.exit(2);
}
const { GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: own, GITHUB_ACTOR: actor } = process.env;
const pull = file && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).pull_request : undefined;
const isForeign = pull && (pull.head.repo?.full_name !== own || actor === "dependabot[bot]");
console.log(isForeign ? "none" : scopes[scope].join("\n"));
NODE
)" || exit 2

if [ "$names" = none ]; then
  echo "verify_secrets: skipped. GitHub hands no secrets to pull requests from forks and of Dependabot."
  exit 0
fi

count=0
missing=()
for name in $names; do
  count=$((count + 1))
  if [ -z "${!name:-}" ]; then missing+=("$name"); fi
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "verify_secrets: all $count secrets of $scope are there."
  exit 0
fi
echo "verify_secrets: ${#missing[@]} of $count secrets of $scope are missing:" >&2
printf '  %s\n' "${missing[@]}" >&2
flag=""
if [ "$scope" != ci ]; then flag=" --env $scope"; fi
echo "Set each with: gh secret set NAME$flag < FILE; and see that the step hands it over by name." >&2
exit 1
