#!/usr/bin/env bash
# Makes the GitHub release of a tag, once.
set -euo pipefail

usage="Usage: scripts/ops/release-publish.sh TAG NOTES FILE...

Makes the release of TAG with the text of NOTES and the files, marked as prerelease where TAG has a part behind a dash. A release that is
there already stays as it is when its files are the same; a half-made draft is made anew.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Exit codes: 0 it is there, 1 it is not, or has other files."

case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
if [ $# -lt 3 ]; then
  echo "$usage" >&2
  exit 1
fi
tag="$1"
notes="$2"
shift 2

options=(--repo "$GITHUB_REPOSITORY" --verify-tag --title "$tag" --notes-file "$notes")
if [[ "$tag" == *-* ]]; then options+=(--prerelease --latest=false); fi

is_draft="$(gh release view "$tag" --repo "$GITHUB_REPOSITORY" --json isDraft --jq .isDraft 2> /dev/null || true)"
case "$is_draft" in
  true) gh release delete "$tag" --repo "$GITHUB_REPOSITORY" --yes ;;
  false)
    there="$(mktemp -d)"
    gh release download "$tag" --repo "$GITHUB_REPOSITORY" --dir "$there"
    for file in "$@"; do
      if ! cmp --silent "$file" "$there/$(basename "$file")"; then
        echo "::error title=Release exists::$tag is released already with another $(basename "$file"); raise the version and set a new tag"
        exit 1
      fi
    done
    echo "$tag is released already, with the same files."
    exit 0
    ;;
esac
gh release create "$tag" "${options[@]}" "$@"
