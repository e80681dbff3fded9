import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePlan } from "../../report/plan-json";
import type { PlannedStack, Running } from "../plan";
import type { Stack } from "../project";
import { guardApply, type Scene } from "./guard";

const output = mkdtempSync(join(tmpdir(), "infra-guard-"));
afterAll(() => rmSync(output, { recursive: true, force: true }));

const stack = (name: string, resource: object = {}): Stack => {
  const directory = join(output, "stacks", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  return { name, directory, dependencies: [] };
};
const secret = (env: string) => ({ fly_secrets: { all: { sources: { TOKEN: { env: [env] } } } } });
const production = stack("production", secret("PRODUCTION_TOKEN"));
const staging = stack("staging");
const window = { days: ["Mon", "Tue"], from: "09:00", to: "17:00", timeZone: "America/Los_Angeles" };
mkdirSync(join(output, "files"));
writeFileSync(
  join(output, "files", "infra.json"),
  JSON.stringify({ stacks: { production: { guard: { app: "shop", window, after: "staging" } } } }),
);

const planned = (one: Stack, action: "create" | "update" = "update"): PlannedStack => {
  const change = {
    actions: [action],
    before: {},
    after: {},
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  };
  const resource_changes = [{ address: "fly_process_group.web", mode: "managed", type: "fly_process_group", change }];
  const plan = parsePlan(JSON.stringify({ format_version: "1.2", resource_changes }));
  return {
    stack: one,
    planned: { differs: true, plan, file: "", troubles: [], discard: async () => {} },
    report: { stack: one.name, outcome: "differs", resources: 1, findings: [], actions: {}, troubles: [], notes: [] },
  };
};

const never = new AbortController().signal;
const running = (env: NodeJS.ProcessEnv): Running => ({
  env,
  interruption: { soft: never, hard: never },
  reattach: undefined,
  progress: () => {},
  say: () => {},
});

interface Row {
  readonly plans?: readonly PlannedStack[];
  readonly now?: string;
  readonly local?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly first?: boolean;
  readonly emergency?: string;
  /** Ids that refuse; none: it passes. */
  readonly refuses?: readonly string[];
  /** Rules that an emergency steps over. */
  readonly overridden?: readonly string[];
}

const both = [planned(production), planned(staging)];
const monday = "2026-11-23T18:00:00Z";
const saturday = "2026-11-21T18:00:00Z";

test.each<[string, Row]>([
  ["passes in its window, after staging in the same run", {}],
  ["refuses on another day", { now: saturday, refuses: ["infra/guard-window"] }],
  ["refuses before it opens", { now: "2026-11-23T16:59:59Z", refuses: ["infra/guard-window"] }],
  ["refuses when it closes", { now: "2026-11-24T01:00:00Z", refuses: ["infra/guard-window"] }],
  ["says Tuesday evening there, not Wednesday here", { now: "2026-11-25T00:59:00Z" }],
  [
    "lets an emergency through, and tells what it stepped over",
    { now: saturday, emergency: "fire", overridden: ["window"] },
  ],
  ["refuses an emergency without a reason", { now: saturday, emergency: " ", refuses: ["infra/guard-reason"] }],
  ["is open at any hour on a sandbox that says so", { now: saturday, local: true, env: { INFRA_WINDOW: "open" } }],
  [
    "is not opened by that on the real Fly",
    { now: saturday, env: { INFRA_WINDOW: "open" }, refuses: ["infra/guard-window"] },
  ],
  [
    "refuses what has no way back",
    { plans: [planned(production, "create"), planned(staging)], refuses: ["infra/guard-first"] },
  ],
  [
    "takes the first deployment when it is called so",
    { plans: [planned(production, "create"), planned(staging)], first: true },
  ],
  [
    "lets no emergency stand for a way back",
    {
      plans: [planned(production, "create"), planned(staging)],
      now: saturday,
      emergency: "fire",
      refuses: ["infra/guard-first"],
    },
  ],
  ["leaves the order to the workflow in Actions", { plans: [planned(production)], env: { GITHUB_ACTIONS: "true" } }],
  ["asks nothing of other stacks", { plans: [planned(staging, "create")], now: saturday }],
  [
    "refuses a preview that would read production's secrets",
    { plans: [planned(stack("preview-7", secret("PRODUCTION_TOKEN")))], refuses: ["infra/preview-production-value"] },
  ],
])("%s", async (_what, row) => {
  const scene: Scene = { all: [production, staging], now: Date.parse(row.now ?? monday), local: row.local ?? false };
  const excuse = { first: row.first ?? false, emergency: row.emergency };
  const passed = guardApply(row.plans ?? both, running(row.env ?? {}), scene, excuse).then(
    (overridden) => ({ refuses: [], overridden: overridden.map(({ rule }) => rule) }),
    (error: Error) => ({
      refuses: [...error.message.matchAll(/\[([a-z]+\/[a-z-]+)\]/g)].map(([, id]) => id),
      overridden: [],
    }),
  );
  expect(await passed).toEqual({ refuses: row.refuses ?? [], overridden: row.overridden ?? [] });
});
