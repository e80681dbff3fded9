import type { DeliveryShape } from "../../../config/delivery-shape";
import type { Configuration } from "../../../config/schema";
import { context, foreign, type Trusted, type Untrusted } from "../model/expression";
import { type Job, type JobHandle, job, read } from "../model/job";
import { run } from "../model/script";
import { type Step, step } from "../model/step";
import { checkout } from "./checkout";
import { bareNode } from "./tool";
import { validated } from "./validate";

/** Name of staging's job that is green only when staging runs the commit and is healthy. */
export const stagingProof = "staging-summary";

/** What stands between a version and production, and what the gates found out. */
export interface Gate {
  readonly jobs: readonly Job[];
  readonly version: Trusted;
  readonly commit: Trusted;
  /** Result of the first gate: "success" where version and commit are known. */
  readonly accepted: Trusted;
  /** Absent where there is no staging. */
  readonly stagingRun?: Trusted;
  readonly stagingImage?: Trusted;
}

/** Every gate of a production deployment but the approval; each is a job, so that the run shows which one refuses. */
export function gates(config: Configuration, version: Untrusted): Gate {
  const accepted = versionGate(config, version);
  const common = { version: accepted.output("version"), commit: accepted.output("commit"), accepted: accepted.result };
  const others = [checksGate(config, accepted), windowGate(config, accepted), releaseGate(config, accepted)];
  if (!config.environments.staging) return { ...common, jobs: [accepted, ...others] };
  const staging = stagingGate(config, accepted);
  return {
    ...common,
    jobs: [accepted, ...others, staging],
    stagingRun: staging.output("run"),
    stagingImage: staging.output("image"),
  };
}

/** Days and hours in which a deployment may begin. */
export function windowStep({ production: { window } }: DeliveryShape, name: string): Step {
  const { days, from, to, timeZone } = window;
  return {
    name,
    run: run`
      node scripts/ops/deployment-window.mjs --days ${days.join(",")} --from ${from} --to ${to} --time-zone ${timeZone}
    `,
  };
}

/** The version is a released one: a tag on the default branch, and no prerelease. */
function versionGate({ delivery, repository }: Configuration, version: Untrusted) {
  const given = validated("given", { version: { value: version, pattern: "releaseVersion" } });
  const tagged = step("tagged", {
    name: "Find its commit",
    env: { VERSION: given.output("version"), BRANCH: repository.defaultBranch },
    run: run`
      if ! commit="$(git rev-parse --verify --quiet "refs/tags/$VERSION^{commit}")"; then
        echo "::error title=No such version::there is no tag $VERSION"
        exit 1
      fi
      if ! git merge-base --is-ancestor "$commit" "refs/remotes/origin/$BRANCH"; then
        echo "::error title=Not on $BRANCH::$VERSION is not a commit of $BRANCH"
        exit 1
      fi
      echo "commit=$commit" >> "$GITHUB_OUTPUT"
    `,
    outputs: ["commit"],
  });
  return job({
    id: "gate-version",
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    outputs: { version: given.output("version"), commit: tagged.output("commit") },
    steps: [
      ...(delivery.production.trigger === "manual" ? [startedByHand] : []),
      given,
      checkout({ history: true }),
      tagged,
    ],
  });
}

const startedByHand: Step = {
  name: "Check that a person started it",
  env: { ACTOR: foreign("github.actor") },
  run: run`
    if [[ "$ACTOR" == *"[bot]" ]]; then
      echo "::error title=Manual only::deploy.production.trigger is manual: a person starts this, and no workflow does"
      exit 1
    fi
  `,
};

type Accepted = JobHandle<"version" | "commit">;

/** Checks that run on pull requests alone leave nothing at a commit of the default branch; the merge has waited for them. */
const onPullRequestsAlone = ["Danger"];

function checksGate({ delivery, repository: { protection } }: Configuration, accepted: Accepted): Job {
  const names = [...new Set([...protection.requiredChecks, "ci-complete"])];
  const expected = names.filter((name) => !onPullRequestsAlone.includes(name));
  return job({
    id: "gate-checks",
    permissions: { checks: read("asks whether CI is green"), contents: "read" },
    timeoutMinutes: 5,
    steps: [
      checkout(),
      bareNode(delivery),
      {
        name: "Check that CI is green",
        env: { GH_TOKEN: context("github.token"), COMMIT: accepted.output("commit") },
        run: run`
          node scripts/ops/checks-green.mjs --commit "$COMMIT" --app ${protection.reportingApp} --names ${expected.join(",")}
        `,
      },
    ],
  });
}

const windowGate = ({ delivery }: Configuration, accepted: Accepted): Job =>
  job({
    id: "gate-window",
    needs: [accepted],
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    steps: [checkout(), bareNode(delivery), windowStep(delivery, "Check the window")],
  });

const releaseGate = (_config: Configuration, accepted: Accepted): Job =>
  job({
    id: "gate-release",
    permissions: { contents: "read" },
    timeoutMinutes: 5,
    steps: [
      checkout(),
      {
        name: "Check the release and its files",
        env: { GH_TOKEN: context("github.token"), VERSION: accepted.output("version") },
        run: run`bash scripts/ops/fetch-release.sh "$VERSION" released`,
      },
    ],
  });

function stagingGate({ delivery }: Configuration, accepted: Accepted) {
  const proof = step("proof", {
    name: "Check that staging ran it",
    env: { GH_TOKEN: context("github.token"), COMMIT: accepted.output("commit") },
    run: run`
      node scripts/ops/staging-proof.mjs --workflow ${delivery.staging.workflowFile} --job ${stagingProof} --commit "$COMMIT" --folder staging
    `,
    outputs: ["run", "image"],
  });
  return job({
    id: "gate-staging",
    permissions: { actions: read("asks how the staging deployment ended"), contents: "read" },
    timeoutMinutes: 5,
    outputs: { run: proof.output("run"), image: proof.output("image") },
    steps: [checkout(), bareNode(delivery), proof],
  });
}
