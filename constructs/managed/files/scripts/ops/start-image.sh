#!/usr/bin/env bash
# Starts a built image once before it is deployed: a build can pass and the process still crash at start.
set -euo pipefail
usage="Usage: scripts/ops/start-image.sh IMAGE PORT PATH [NAME...]

Runs IMAGE with the env vars of these names and asks for PATH on PORT until it answers 200, for a minute. Values are no arguments.
Env vars: FLY_API_TOKEN, for the registry.
Exit codes: 0 it answered, 1 it ended or did not answer."
case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
if [ "$#" -lt 3 ]; then
  echo "$usage" >&2
  exit 2
fi
image="$1" port="$2" path="$3"
shift 3
flyctl auth docker
docker pull --quiet "$image"
handed=()
for name in "$@"; do handed+=(--env "$name"); done
id="$(docker run --detach --publish "127.0.0.1:$port:$port" --env PORT="$port" "${handed[@]}" "$image")"
trap 'docker rm --force "$id" > /dev/null' EXIT
for _ in $(seq 30); do
  if [ "$(docker inspect --format '{{.State.Running}}' "$id")" != true ]; then break; fi
  status="$(curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "http://127.0.0.1:$port$path" || true)"
  if [ "$status" = 200 ]; then
    echo "start-image: $image answers 200 on $path"
    exit 0
  fi
  sleep 2
done
docker logs --tail 50 "$id" 2>&1
echo "::error title=Crash at start::the image was built and does not answer 200 on $path: its last lines are above"
exit 1
