import type { Configuration } from "../../config/schema";
import { context, foreign, text, when } from "./model/expression";
import { type Job, type JobHandle, job, write } from "./model/job";
import { run } from "./model/script";
import { step, use } from "./model/step";
import { type Workflow, workflow } from "./model/workflow";
import { fetch, keep } from "./part/artifact";
import { checkout } from "./part/checkout";
import { bareNode, compile, node } from "./part/tool";
import { validated } from "./part/validate";

/**
 * A version tag becomes a GitHub release with an archive and its checksum, then a production deployment where the configuration says so.
 *
 * Nothing is restored from a cache (W11). GitHub starts no workflow for what a job's own token makes, a manual run excepted: so the last job
 * starts `deploy-production.yml` as a person would, at the tag and with the version.
 */
export function release(config: Configuration): Workflow {
  const checked = verify();
  const built = build(config, checked);
  const published = publish(config, checked, built);
  return workflow({
    file: "release.yml",
    name: "Release",
    purpose: "Makes a release of a version tag.",
    on: { push: { tags: ["v*.*.*"] } },
    concurrency: { group: text`release-${context("github.ref")}`, cancelInProgress: false },
    jobs: [
      checked,
      built,
      published,
      ready(config, checked, published),
      ...(config.delivery.production.trigger === "tag" ? [deploy(checked, published)] : []),
    ],
  });
}

type Checked = JobHandle<"tag" | "version" | "prerelease">;

function verify(): Checked {
  const tag = validated("tag", { tag: { value: foreign("github.ref_name"), pattern: "version" } });
  const version = step("version", {
    name: "Compare with package.json",
    env: { TAG: tag.output("tag") },
    run: run`
      version="$(jq --raw-output .version package.json)"
      if [ "v$version" != "$TAG" ]; then
        echo "::error title=Wrong version::the tag is $TAG and package.json says $version; raise the version there, then set a new tag"
        exit 1
      fi
      if [[ "$version" == *-* ]]; then prerelease=true; else prerelease=false; fi
      echo "version=$version" >> "$GITHUB_OUTPUT"
      echo "prerelease=$prerelease" >> "$GITHUB_OUTPUT"
    `,
    outputs: ["version", "prerelease"],
  });
  return job({
    id: "verify",
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    outputs: {
      tag: tag.output("tag"),
      version: version.output("version"),
      prerelease: version.output("prerelease"),
    },
    steps: [tag, checkout(), version],
  });
}

function build({ delivery, repository }: Configuration, checked: Checked): Job {
  const attest = use(
    "Attest where the archive was built",
    "actions/attest-build-provenance",
    { "subject-path": "release/*.tar.gz" },
    {
      id: "attest",
      ...(repository.visibility !== "public" && {
        mayFail:
          "GitHub attests what private repositories build on its Enterprise plan alone; the checksum holds without",
      }),
    },
  );
  return job({
    id: "archive",
    permissions: {
      contents: "read",
      "id-token": write("proves to the attestation service which run this is"),
      attestations: write("attests where the archive was built"),
    },
    timeoutMinutes: 15,
    steps: [
      checkout(),
      ...node(delivery, { cache: false }),
      compile(delivery),
      {
        name: "Pack",
        env: { VERSION: checked.output("version") },
        run: run`bash scripts/ops/release-tarball.sh ${repository.name} "$VERSION" release`,
      },
      attest,
      {
        name: "Sum up",
        env: { ATTESTED: attest.outcome },
        run: run`
          {
            echo "## Archive"
            cat release/*.sha256
            echo "Attestation: $ATTESTED"
          } >> "$GITHUB_STEP_SUMMARY"
        `,
      },
      keep("release", "release", delivery.retention.auditDays),
    ],
  });
}

const publish = ({ delivery, repository }: Configuration, checked: Checked, built: Job): Job =>
  job({
    id: "release",
    needs: [built],
    permissions: { contents: write("makes the release") },
    timeoutMinutes: 5,
    steps: [
      checkout({ history: true }),
      bareNode(delivery),
      fetch("release", "release"),
      { name: "Verify the checksum", workingDirectory: "release", run: run`sha256sum --check --strict ./*.sha256` },
      {
        name: "Write the notes",
        env: { TAG: checked.output("tag") },
        run: run`
          node scripts/ops/release-notes.mjs --tag "$TAG" --trigger ${delivery.production.trigger} \\
            --repository ${`${repository.owner}/${repository.name}`} > notes.md
          cat notes.md >> "$GITHUB_STEP_SUMMARY"
        `,
      },
      {
        name: "Make the release",
        env: { GH_TOKEN: context("github.token"), TAG: checked.output("tag") },
        run: run`bash scripts/ops/release-publish.sh "$TAG" notes.md release/*`,
      },
    ],
  });

const ready = ({ delivery }: Configuration, checked: Checked, published: Job): Job =>
  job({
    id: "ready-versions",
    needs: [published],
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    steps: [
      checkout(),
      bareNode(delivery),
      {
        name: "Look whether the versions before are ready to go back to",
        env: { GH_TOKEN: context("github.token"), TAG: checked.output("tag") },
        run: run`node scripts/ops/ready-versions.mjs --tag "$TAG" --count ${delivery.rollback.readyVersions}`,
      },
    ],
  });

/** Its gates, and the approval, are the deployment's own. A prerelease is never deployed. */
const deploy = (checked: Checked, published: Job): Job =>
  job({
    id: "deploy",
    needs: [published],
    if: when`${checked.output("prerelease")} == ${"false"}`,
    permissions: { actions: write("starts the production deployment") },
    timeoutMinutes: 5,
    steps: [
      {
        name: "Start the production deployment",
        env: { GH_TOKEN: context("github.token"), TAG: checked.output("tag") },
        run: run`gh workflow run deploy-production.yml --repo "$GITHUB_REPOSITORY" --ref "$TAG" --field version="$TAG"`,
      },
    ],
  });
