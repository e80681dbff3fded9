/** One history out of what Fly, GitHub and the kept records each know of the same event; pure. */
import type { Release } from "../../api/fly";
import type { Deployment, WorkflowRun } from "../../api/github";
import { runsImage } from "../../provider/rollout/image";
import { labelOf } from "./image-label";
import type { KeptRollback } from "./kept";
import { type AuditRecord, type Ending, type RecordKind, recordOf } from "./record";

/** What the sources said. */
export interface Sources {
  readonly apps: readonly {
    readonly environment: string;
    readonly app: string;
    /** Newest first, older ones than the period too: only they tell a rollback from a deployment. */
    readonly releases: readonly Release[];
  }[];
  readonly kept: readonly KeptRollback[];
  readonly runs: readonly WorkflowRun[];
  readonly deployments: readonly Deployment[];
}

/**
 * Every event once. A release of Fly is joined with the record of its rollback by its number, with its workflow run by the id that the image's
 * tag ends in, and with GitHub's deployment by that run or by environment and commit. Nothing is joined by a likely time alone.
 */
export function historyOf({ apps, kept, runs, deployments }: Sources): readonly AuditRecord[] {
  const told = new Set<object>();
  const runById = new Map(runs.map((run) => [run.id, run]));
  const releases = apps.flatMap(({ environment, app, releases: all }) =>
    all.flatMap((release, index) => {
      if (release.created_at === undefined) return [];
      const label = stays(release, all[index + 1]) ? labelOf(undefined) : labelOf(release.image_ref);
      const rollback = kept.find((one) => one.app === app && one.release === release.version);
      const run = runById.get(label.run ?? -1);
      const commit = label.commit ?? run?.head_sha;
      const deployment = deploymentOf(deployments, { environment, run: label.run, commit, at: release.created_at });
      const own = deployment && runById.get(runIdOf(deployment) ?? -1);
      for (const source of [rollback, run, deployment, own]) if (source) told.add(source);
      const isBack =
        rollback !== undefined || own?.path.includes("rollback-") || goesBack(release, all.slice(index + 1));
      const deployer = deployment?.creator?.login ?? (label.commit === undefined ? run?.actor?.login : undefined);
      return recordOf(isBack ? "rollback" : "deployment", {
        at: release.created_at,
        what: `release ${release.version}${stays(release, all[index + 1]) ? ", its image stays" : ""}`,
        environment,
        app,
        version: rollback?.version ?? labelOf(release.image_ref).version,
        image: release.image_ref,
        commit: rollback?.commit ?? commit,
        by: rollback?.by ?? deployer,
        outcome: rollback?.outcome ?? releaseEnding(release.status),
        url: rollback?.url ?? own?.html_url ?? run?.html_url,
      });
    }),
  );
  const others = deployments
    .filter((one) => !told.has(one))
    .map((one) => {
      const run = runById.get(runIdOf(one) ?? -1);
      if (run) told.add(run);
      return recordOf(run?.path.includes("rollback-") ? "rollback" : "deployment", {
        at: one.createdAt,
        what: "deployment",
        environment: one.environment ?? undefined,
        commit: one.commitOid,
        by: one.creator?.login,
        outcome: deploymentEnding(one.latestStatus?.state),
        url: one.latestStatus?.logUrl ?? undefined,
      });
    });
  return [
    ...releases,
    ...kept
      .filter((one) => !told.has(one))
      .map(({ release, ...one }) =>
        recordOf("rollback", { ...one, what: release === undefined ? "rollback" : `release ${release}` }),
      ),
    ...others,
    ...runs.flatMap((run) => (told.has(run) ? [] : runRecord(run))),
  ];
}

/** Files of workflows that the audit is about, and what their runs are. */
const workflows: readonly (readonly [file: RegExp, kind: RecordKind])[] = [
  [/^ci\.ya?ml$/, "ci-run"],
  [/^gitleaks\.ya?ml$/, "secret-scan"],
  [/^rollback-[\w-]+\.ya?ml$/, "rollback"],
  [/^deploy-[\w-]+\.ya?ml$/, "deployment"],
];

/** What the runs of a workflow are; undefined: nothing that the audit is about. @param path of its file */
export const kindOfWorkflow = (path: string): RecordKind | undefined =>
  workflows.find(([file]) => file.test(path.slice(path.lastIndexOf("/") + 1).replace(/@.*$/, "")))?.[1];

function runRecord(run: WorkflowRun): readonly AuditRecord[] {
  const kind = kindOfWorkflow(run.path);
  if (!kind) return [];
  const file = run.path.slice(run.path.lastIndexOf("/") + 1).replace(/\.ya?ml(@.*)?$/, "");
  return [
    recordOf(kind, {
      at: run.created_at,
      what: file,
      environment: /-(production|staging)/.exec(file)?.[1],
      commit: run.head_sha,
      by: run.actor?.login,
      outcome: runEnding(run.conclusion),
      url: run.html_url,
    }),
  ];
}

/** A job makes its deployment before it deploys, and is over within the day. */
const dayMs = 86_400_000;

function deploymentOf(
  deployments: readonly Deployment[],
  release: { readonly environment: string; readonly run?: number; readonly commit?: string; readonly at: string },
): Deployment | undefined {
  const { environment, run, commit, at } = release;
  const here = deployments.filter((one) => one.environment === environment);
  const byRun = run === undefined ? undefined : here.find((one) => runIdOf(one) === run);
  if (byRun || commit === undefined) return byRun;
  const ageMs = ({ createdAt }: Deployment) => Date.parse(at) - Date.parse(createdAt);
  return here.find((one) => one.commitOid === commit && ageMs(one) >= 0 && ageMs(one) < dayMs);
}

const runIdOf = ({ latestStatus }: Deployment): number | undefined => {
  const id = /\/actions\/runs\/(\d+)(\/|$)/.exec(latestStatus?.logUrl ?? "")?.[1];
  return id === undefined ? undefined : Number(id);
};

/** Whether a release brings an image back that ran before the one before it. @param older newest first */
function goesBack(release: Release, older: readonly Release[]): boolean {
  const [before, ...rest] = older;
  return (
    before !== undefined &&
    !same(release, before) &&
    rest.some((one) => one.status === "complete" && same(release, one))
  );
}

/** Whether a release changed no image: a secret was set, or somebody restarted the app. Its image's run did not make it. */
const stays = (release: Release, before: Release | undefined): boolean =>
  before?.status === "complete" && same(release, before);

const same = ({ image_ref: one }: Release, { image_ref: other }: Release): boolean =>
  one !== undefined && other !== undefined && runsImage(one, other, undefined);

const releaseEnding = (status: string): Ending =>
  status === "complete" || status === "succeeded"
    ? "succeeded"
    : status === "failed" || status === "interrupted"
      ? status
      : "in progress";

function deploymentEnding(state: string | undefined): Ending {
  if (state === "SUCCESS" || state === "INACTIVE") return "succeeded";
  return state === "FAILURE" || state === "ERROR" ? "failed" : "in progress";
}

function runEnding(conclusion: string | null): Ending {
  if (conclusion === null) return "in progress";
  if (conclusion === "success" || conclusion === "neutral" || conclusion === "skipped") return "succeeded";
  return conclusion === "cancelled" ? "cancelled" : "failed";
}
