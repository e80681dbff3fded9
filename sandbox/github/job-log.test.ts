import { createGithubHarness } from "./harness";

const file = [
  "name: Try",
  "on: workflow_dispatch",
  "jobs:",
  "  try:",
  "    runs-on: ubuntu-24.04",
  "    steps: [{ run: echo }]",
].join("\n");

test("a job that is over has a log, in a store that takes a signature and no token", async () => {
  const { ask, sandbox } = createGithubHarness();
  const content = Buffer.from(file).toString("base64");
  await ask("PUT", "/contents/.github/workflows/try.yml", { message: "Add", content, branch: "main" });
  await ask("POST", "/actions/workflows/try.yml/dispatches", { ref: "main" });
  const [run] = (await ask("GET", "/actions/runs")).body.workflow_runs;
  const [job] = (await ask("GET", `/actions/runs/${run.id}/jobs`)).body.jobs;
  expect((await ask("GET", `/actions/jobs/${job.id}/logs`)).status).toBe(404);
  const which = { kind: "workflow-run", repository: "hotdash/hotdash", run: run.id } as const;
  sandbox.control.tamper({ ...which, jobs: { try: "success" }, logs: { try: ["one", "two"] } });
  expect((await ask("GET", `/actions/jobs/${job.id}`)).body.conclusion).toBe("success");
  const headers = { authorization: "Bearer ghp_sandbox_admin" };
  const api = "http://localhost/api/v3/repos/hotdash/hotdash";
  const sent = await sandbox.fetch(new Request(`${api}/actions/jobs/${job.id}/logs`, { headers }));
  const place = sent.headers.get("location") ?? "";
  expect(sent.status).toBe(302);
  const log = await sandbox.fetch(new Request(place));
  expect((await log.text()).split("\n")).toEqual([
    expect.stringMatching(/^\d{4}-\S+Z one$/),
    expect.stringMatching(/ two$/),
    "",
  ]);
  expect((await sandbox.fetch(new Request(place, { headers }))).status).toBe(401);
  expect((await sandbox.fetch(new Request(place.replace(/sig=.*/, "sig=0")))).status).toBe(403);
});
