import { createGithubHarness, type GithubHarness } from "./harness";

const dev = "ghp_sandbox_dev";
const repository = "hotdash/hotdash";
const deploy = `
on: { workflow_dispatch: {} }
jobs:
  build: {}
  deploy: { needs: build, environment: { name: "\${{ inputs.environment }}" } }
  announce: { name: Announce, needs: [deploy] }
  clean-up: { needs: [deploy], if: "always()" }
`;

let h: GithubHarness;
let production: number;

beforeEach(async () => {
  h = createGithubHarness();
  await write("deploy.yml", deploy);
  production = await guard({});
});

async function write(name: string, text: string): Promise<void> {
  const content = Buffer.from(text).toString("base64");
  const path = `/contents/.github/workflows/${name}`;
  const { sha } = (await h.ask("GET", path)).body;
  await h.ask("PUT", path, { message: "Write", content, sha });
}

/** Lets the developer be the reviewer of production. @returns the environment's id */
async function guard(more: object): Promise<number> {
  const { id } = (await h.ask("GET", "//users/hotdash-dev")).body;
  return (await h.ask("PUT", "/environments/production", { reviewers: [{ type: "User", id }], ...more })).body.id;
}

/** @returns the path of the run */
async function dispatch(environment: string, token?: string): Promise<string> {
  const path = "/actions/workflows/deploy.yml/dispatches";
  expect((await h.ask("POST", path, { ref: "main", inputs: { environment } }, token)).status).toBe(204);
  return `/actions/runs/${(await h.ask("GET", "/actions/runs")).body.workflow_runs[0].id}`;
}

const move = (run: string, jobs: Record<string, "success" | "failure" | "in_progress">) =>
  h.sandbox.control.tamper({ kind: "workflow-run", repository, run: Number(run.split("/").at(-1)), jobs });

const statusOf = async (run: string) => {
  const { status, conclusion } = (await h.ask("GET", run)).body;
  return [status, conclusion];
};

const answer = (run: string, state: "approved" | "rejected", token = dev) =>
  h.ask("POST", `${run}/pending_deployments`, { environment_ids: [production], state, comment: "Seen" }, token);

describe("a run", () => {
  it("waits in the queue until its jobs are moved on, and ends as they do", async () => {
    const run = await dispatch("staging");
    expect(await statusOf(run)).toEqual(["queued", null]);
    move(run, { build: "success", deploy: "in_progress" });
    expect(await statusOf(run)).toEqual(["in_progress", null]);
    expect(() => move(run, { build: "failure" })).toThrow("job build is over");
    move(run, { deploy: "success", announce: "success", "clean-up": "success" });
    expect(await statusOf(run)).toEqual(["completed", "success"]);
  });

  it("waits once a job comes to an environment with reviewers, and one of them lets it go on", async () => {
    const run = await dispatch("production");
    expect((await h.ask("GET", `${run}/pending_deployments`)).body).toEqual([]);
    move(run, { build: "success" });
    expect(await statusOf(run)).toEqual(["waiting", null]);
    const pending = { environment: { name: "production" }, reviewers: [{ reviewer: { login: "hotdash-dev" } }] };
    for (const [token, current_user_can_approve] of [["ghp_sandbox_admin", false] as const, [dev, true] as const]) {
      const { body } = await h.ask("GET", `${run}/pending_deployments`, undefined, token);
      expect(body).toMatchObject([{ ...pending, current_user_can_approve }]);
    }
    expect((await answer(run, "approved", "ghp_sandbox_admin")).status).toBe(403);
    expect((await answer(run, "approved", "ghs_sandbox_infra")).status).toBe(403);
    expect(await statusOf(run)).toEqual(["waiting", null]);
    expect((await answer(run, "approved")).status).toBe(200);
    expect((await h.ask("GET", `${run}/approvals`)).body).toMatchObject([
      { state: "approved", comment: "Seen", user: { login: "hotdash-dev" }, environments: [{ name: "production" }] },
    ]);
    expect((await answer(run, "approved")).status).toBe(422);
    move(run, { deploy: "success" });
    expect(await statusOf(run)).toEqual(["in_progress", null]);
  });

  it("fails when a reviewer rejects it, and what needs the job is skipped", async () => {
    const run = await dispatch("production");
    move(run, { build: "success" });
    await answer(run, "rejected");
    const { jobs } = (await h.ask("GET", `${run}/jobs`)).body;
    const ends = jobs.map(({ name, conclusion }: { name: string; conclusion: string }) => [name, conclusion]);
    expect(ends).toEqual([
      ["build", "success"],
      ["deploy", "failure"],
      ["Announce", "skipped"],
      ["clean-up", null],
    ]);
    move(run, { "clean-up": "success" });
    expect(await statusOf(run)).toEqual(["completed", "failure"]);
  });

  it("is not approved by who started it, where self-review is prevented", async () => {
    await guard({ prevent_self_review: true });
    const own = await dispatch("production", dev);
    move(own, { build: "success" });
    const [shown] = (await h.ask("GET", `${own}/pending_deployments`, undefined, dev)).body;
    expect(shown.current_user_can_approve).toBe(false);
    expect((await answer(own, "approved")).status).toBe(403);
    const other = await dispatch("production");
    move(other, { build: "success" });
    expect((await answer(other, "approved")).status).toBe(200);
  });

  it("is cancelled once", async () => {
    const run = await dispatch("production");
    expect((await h.ask("POST", `${run}/cancel`)).status).toBe(202);
    expect(await statusOf(run)).toEqual(["completed", "cancelled"]);
    expect((await h.ask("POST", `${run}/cancel`)).status).toBe(409);
  });

  it("has no jobs where the file cannot be read", async () => {
    await write("deploy.yml", "on: workflow_dispatch\njobs: [");
    expect((await h.ask("GET", `${await dispatch("production")}/jobs`)).body.total_count).toBe(0);
  });
});

it.each([
  ["job that needs another", { deploy: "success" }, "job deploy needs build"],
  ["job that waits for an approval", { build: "success", deploy: "success" }, "job deploy waits for an approval"],
  ["job that is not there", { moon: "success" }, "job moon of run"],
] as const)("the control moves no %s", async (_, jobs, words) => {
  const run = await dispatch("production");
  expect(() => move(run, jobs)).toThrow(words);
});
