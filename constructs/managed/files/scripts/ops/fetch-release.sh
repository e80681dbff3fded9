#!/usr/bin/env bash
# Fetches the files of a release, proves them by their checksum and unpacks them.
set -euo pipefail
usage="Usage: scripts/ops/fetch-release.sh VERSION FOLDER

Refuses a release that is a draft or a prerelease, lacks its files, or whose files are not what their SHA-256 says.
Env vars: GH_TOKEN, GITHUB_REPOSITORY.
Exit codes: 0 unpacked in FOLDER, 1 not."
case "${1:-}" in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
esac
if [ "$#" -ne 2 ]; then
  echo "$usage" >&2
  exit 2
fi
version="$1" folder="$2"
refuse() {
  echo "::error title=No release to deploy::$version: $1"
  exit 1
}
kind="$(gh release view "$version" --repo "$GITHUB_REPOSITORY" --json isDraft,isPrerelease --jq '"\(.isDraft) \(.isPrerelease)"')" ||
  refuse "there is no release of this tag; the workflow of releases makes it"
[ "$kind" = "false false" ] || refuse "it is a draft or a prerelease, which never goes to production"
mkdir -p "$folder"
gh release download "$version" --repo "$GITHUB_REPOSITORY" --dir "$folder" --clobber \
  --pattern '*.tar.gz' --pattern '*.tar.gz.sha256' || refuse "its files cannot be fetched"
cd "$folder"
sums=(*.tar.gz.sha256)
[ -f "${sums[0]}" ] || refuse "it has no checksum"
archive="${sums[0]%.sha256}"
[ -f "$archive" ] || refuse "it has no $archive"
# The checksum alone, so that a path in the file names no other file.
echo "$(cut -d ' ' -f 1 "$archive.sha256")  $archive" | sha256sum --check --quiet || refuse "$archive is not what its checksum says"
tar --extract --gzip --file "$archive"
rm "$archive" "$archive.sha256"
echo "fetch-release: $archive is what its checksum says"
