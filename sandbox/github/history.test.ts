/** What GitHub tells afterwards: runs by their time, steps, caches, deployments as one list. */
import { createGithubHarness, type GithubHarness } from "./harness";

const repository = "hotdash/hotdash";
let h: GithubHarness;

beforeEach(async () => {
  h = createGithubHarness();
  const text = "name: ci\non: { workflow_dispatch: {} }\njobs:\n  build: {}\n";
  const content = Buffer.from(text).toString("base64");
  await h.ask("PUT", "/contents/.github/workflows/ci.yml", { message: "Write", content });
});

/** @returns the id of the run */
async function dispatch(): Promise<number> {
  await h.ask("POST", "/actions/workflows/ci.yml/dispatches", { ref: "main" });
  return (await h.ask("GET", "/actions/runs")).body.workflow_runs[0].id;
}

test.each([
  { created: "2026-01-01T00:00:10Z..2026-01-01T00:00:30Z", count: 1 },
  { created: ">=2026-01-01T00:00:20Z", count: 1 },
  { created: "<=2026-01-01T00:00:19Z", count: 1 },
  { created: "*..2026-01-01", count: 2 },
  { created: "2025-12-31", count: 0 },
])("finds $count runs of $created", async ({ created, count }) => {
  await dispatch();
  await h.sandbox.control.advance(20_000);
  await dispatch();
  const { body } = await h.ask("GET", `/actions/workflows/ci.yml/runs?created=${encodeURIComponent(created)}`);
  expect([body.total_count, body.workflow_runs.length]).toEqual([count, count]);
});

test("refuses a time that is none", async () => {
  expect((await h.ask("GET", "/actions/runs?created=soon")).status).toBe(422);
});

test("tells the steps of a job as the control has said them", async () => {
  const run = await dispatch();
  const steps = { build: [{ name: "Install dependencies", seconds: 12, conclusion: "success" as const }] };
  h.sandbox.control.tamper({ kind: "workflow-run", repository, run, jobs: { build: "success" }, steps });
  const { jobs } = (await h.ask("GET", `/actions/runs/${run}/jobs`)).body;
  expect(jobs[0].steps).toEqual([
    {
      name: "Install dependencies",
      status: "completed",
      conclusion: "success",
      number: 1,
      started_at: "2026-01-01T00:00:00Z",
      completed_at: "2026-01-01T00:00:12Z",
    },
  ]);
});

test("lists caches, the one that was read last first", async () => {
  const keep = (key: string) =>
    h.sandbox.control.tamper({ kind: "workflow-cache", repository, ref: "refs/heads/main", key, size_in_bytes: 7 });
  keep("npm-1");
  await h.sandbox.control.advance(1000);
  keep("npm-2");
  await h.sandbox.control.advance(1000);
  keep("npm-1");
  const { body } = await h.ask("GET", "/actions/caches?key=npm-");
  const seen = body.actions_caches.map((one: Record<string, string>) => [
    one.key,
    one.created_at,
    one.last_accessed_at,
  ]);
  expect(seen).toEqual([
    ["npm-1", "2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"],
    ["npm-2", "2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z"],
  ]);
  expect((await h.ask("GET", "/actions/caches?key=other")).body.total_count).toBe(0);
});

test("tells deployments with their newest status in one question", async () => {
  const open = async (environment: string) => {
    const body = { ref: "main", environment, auto_merge: false, required_contexts: [] };
    return (await h.ask("POST", "/deployments", body)).body.id;
  };
  const first = await open("staging");
  await open("production");
  await h.ask("POST", `/deployments/${first}/statuses`, { state: "failure", log_url: "https://github.com/x/runs/1" });
  const { data } = await h.query(`{ repository(owner: "hotdash", name: "hotdash") {
    deployments(first: 5, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { environment state creator { login } latestStatus { state logUrl } }
    }
  } }`);
  const creator = { login: "hotdash-owner" };
  expect(data).toEqual({
    repository: {
      deployments: {
        nodes: [
          { environment: "production", state: "PENDING", creator, latestStatus: null },
          {
            environment: "staging",
            state: "FAILURE",
            creator,
            latestStatus: { state: "FAILURE", logUrl: "https://github.com/x/runs/1" },
          },
        ],
      },
    },
  });
});
