import { z } from "zod";
import type { Caller } from "./caller";
import { unlessMissing } from "./error";
import { query } from "./graphql";
import { listed, listedUnder } from "./page";
import { user } from "./shape";

const workflow = z.object({ id: z.number(), name: z.string(), path: z.string(), state: z.string() });

const run = z.object({
  id: z.number(),
  path: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  head_sha: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  created_at: z.string(),
  run_started_at: z.string().optional(),
  updated_at: z.string(),
  html_url: z.string(),
  actor: user.nullish(),
});

const step = z.object({
  name: z.string(),
  conclusion: z.string().nullable(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
});

const job = z.object({
  id: z.number(),
  name: z.string(),
  conclusion: z.string().nullable(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  steps: z.array(step).default([]),
});

const cache = z.object({ key: z.string(), ref: z.string(), created_at: z.string(), last_accessed_at: z.string() });

const asset = z.object({
  id: z.number(),
  name: z.string(),
  size: z.number(),
  /** "sha256:" and hexadecimal digits, as GitHub counted it; older assets have none. */
  digest: z.string().nullish(),
});

const release = z.object({
  tag_name: z.string(),
  html_url: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  assets: z.array(asset),
});

const deployments = z.object({
  repository: z.object({
    deployments: z.object({
      nodes: z.array(
        z
          .object({
            createdAt: z.string(),
            commitOid: z.string(),
            environment: z.string().nullable(),
            creator: user.nullish(),
            latestStatus: z.object({ state: z.string(), logUrl: z.string().nullable() }).nullable(),
          })
          .nullable(),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});

type Workflow = z.output<typeof workflow>;
export type WorkflowRun = z.output<typeof run>;
export type WorkflowJob = z.output<typeof job>;
export type ActionsCache = z.output<typeof cache>;
type GithubRelease = z.output<typeof release>;
export type ReleaseAsset = z.output<typeof asset>;
export type Deployment = NonNullable<z.output<typeof deployments>["repository"]["deployments"]["nodes"][number]>;

const secretAlert = z.object({
  number: z.number(),
  created_at: z.string(),
  html_url: z.string(),
  state: z.string(),
  resolution: z.string().nullish(),
  resolved_by: user.nullish(),
  secret_type: z.string(),
});

export type SecretAlert = z.output<typeof secretAlert>;

/** A time from and a time to; both ends belong to it. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

/** A list that may have been given up: `whole` is false where there is more that was not read. */
interface Bounded<T> {
  readonly items: readonly T[];
  readonly whole: boolean;
}

/** What happened in a repository. */
export interface HistoryReader {
  workflows(): Promise<readonly Workflow[]>;
  /** Runs of one workflow that began in a period, newest first; at most 5000. */
  runs(workflow: number, period: Period): Promise<Bounded<WorkflowRun>>;
  /** How many runs of a workflow are over, or have failed, and the newest of them. */
  newestRuns(
    workflow: number,
    period: Period,
    wanted: { readonly most: number; readonly status: "completed" | "failure" },
  ): Promise<{ readonly total: number; readonly runs: readonly WorkflowRun[] }>;
  /** The newest runs of all workflows that began in a period, newest first. @param most at most 100 */
  latest(period: Period, most: number): Promise<readonly WorkflowRun[]>;
  /** Every job of a run, of all its attempts. */
  jobs(run: number): Promise<readonly WorkflowJob[]>;
  /** What a job wrote; undefined: GitHub has nothing of it, or nothing any more. */
  jobLog(job: number): Promise<string | undefined>;
  caches(): Promise<readonly ActionsCache[]>;
  /** What secret scanning has found, newest first, without the values; undefined: it is off, or the token may not see it. */
  secretAlerts(): Promise<readonly SecretAlert[] | undefined>;
  /** Deployments that were made in a period, newest first; at most 2000. */
  deployments(period: Period): Promise<Bounded<Deployment>>;
  /** The release of a tag; undefined: there is none, or it is a draft. */
  release(tag: string): Promise<GithubRelease | undefined>;
  /** Writes a file of a release to `target`, and returns the SHA-256 of its bytes in hexadecimal digits. */
  download(asset: number, target: string): Promise<string>;
}

/** GitHub shows no more of one search, however many there are. */
const mostFound = 1000;
const mostRuns = 5 * mostFound;
const mostDeployments = 2000;

/** @param root path of the repository */
export function historyReader(caller: Caller, owner: string, name: string, root: string): HistoryReader {
  const runsPath = (id: number) => `${root}/actions/workflows/${id}/runs`;
  return {
    workflows: () => listedUnder(caller, `${root}/actions/workflows`, "workflows", workflow),
    runs: (id, period) => runsWithin(caller, runsPath(id), period),
    newestRuns: async (id, { since, until }, { most, status }) => {
      const answer = z.object({ total_count: z.number(), workflow_runs: z.array(run) });
      const created = `${seconds(since)}..${seconds(until)}`;
      const asked = { created, status, per_page: most };
      const { value } = await caller.send({ method: "GET", path: runsPath(id), query: asked, answer });
      return { total: value.total_count, runs: value.workflow_runs };
    },
    jobs: (id) => listedUnder(caller, `${root}/actions/runs/${id}/jobs`, "jobs", job, { filter: "all" }),
    latest: async ({ since, until }, most) => {
      const answer = z.object({ workflow_runs: z.array(run) });
      const asked = { created: `${seconds(since)}..${seconds(until)}`, per_page: most };
      return (await caller.send({ method: "GET", path: `${root}/actions/runs`, query: asked, answer })).value
        .workflow_runs;
    },
    jobLog: (id) => unlessMissing(caller.text(`${root}/actions/jobs/${id}/logs`)),
    caches: () => listedUnder(caller, `${root}/actions/caches`, "actions_caches", cache),
    secretAlerts: () =>
      unlessMissing(listed(caller, `${root}/secret-scanning/alerts`, secretAlert, { hide_secret: "true" })),
    deployments: (period) => deploymentsWithin(caller, { owner, name }, period),
    release: (tag) => {
      const path = `${root}/releases/tags/${encodeURIComponent(tag)}`;
      return unlessMissing(caller.send({ method: "GET", path, answer: release }).then(({ value }) => value));
    },
    download: (asset, target) => caller.download(`${root}/releases/assets/${asset}`, target),
  };
}

/** Where a search has more than GitHub shows, the next one ends at the oldest run of the last. */
async function runsWithin(caller: Caller, path: string, { since, until }: Period): Promise<Bounded<WorkflowRun>> {
  const all = new Map<number, WorkflowRun>();
  for (let end = seconds(until); ; ) {
    const created = `${seconds(since)}..${end}`;
    const found = await listedUnder(caller, path, "workflow_runs", run, { created });
    for (const one of found) all.set(one.id, one);
    const next = found.at(-1)?.created_at;
    const isLast = found.length < mostFound || next === undefined || next === end;
    if (isLast || all.size >= mostRuns) return { items: [...all.values()], whole: isLast };
    end = next;
  }
}

/** GraphQL tells a deployment and its newest status at once; REST asks about each deployment. */
async function deploymentsWithin(
  caller: Caller,
  repository: { readonly owner: string; readonly name: string },
  { since, until }: Period,
): Promise<Bounded<Deployment>> {
  const text = `query($owner: String!, $name: String!, $after: String) {
    repository(owner: $owner, name: $name) {
      deployments(first: 100, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { createdAt commitOid environment creator { login } latestStatus { state logUrl } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;
  const items: Deployment[] = [];
  for (let after: string | null = null; ; ) {
    const page: z.output<typeof deployments> = await query(caller, text, { ...repository, after }, deployments);
    const { nodes, pageInfo } = page.repository.deployments;
    const found = nodes.flatMap((one) => one ?? []);
    items.push(...found.filter(({ createdAt }) => new Date(createdAt) >= since && new Date(createdAt) <= until));
    const isLast = !pageInfo.hasNextPage || found.some(({ createdAt }) => new Date(createdAt) < since);
    if (isLast || items.length >= mostDeployments) return { items, whole: isLast };
    after = pageInfo.endCursor;
  }
}

const seconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");
