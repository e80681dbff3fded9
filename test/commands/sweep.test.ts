/** The drift sweep: what it reads and how often, its record, and what a fast one leaves out; with real Terraform. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { app, type FlyProject, flyProject } from "./support/fly-project";

let project: FlyProject;
const record = () => JSON.parse(readFileSync(join(project.directory, "heartbeat.json"), "utf8"));
const calls = () => project.sandbox.control.journal().map(({ method, path }) => `${method} ${path}`);
const drift = async (...argv: readonly string[]) => {
  project.sandbox.control.clearJournal();
  const { code, stdout, stderr } = await project.infra(["drift", "--heartbeat", "heartbeat.json", ...argv]);
  return { code, stdout, stderr, calls: calls() };
};

beforeAll(async () => {
  project = await flyProject({
    staging: app("first"),
    production: app("second"),
    // Another state that looks at the same app.
    watch: { fly_app_inventory: { it: { app: "first", groups: ["web"] } } },
  });
  const { code, stdout } = await project.infra(["apply", "--yes"], { env: { INFRA_WINDOW: "open" } });
  if (code !== 0) throw new Error(stdout);
});
afterAll(() => project.close());

test("all stacks together, and the comparison of staging with production, read each object once, write nothing, and the record says that all is clean", async () => {
  const swept = await drift();
  expect(swept).toMatchObject({ code: 0 });
  expect(new Set(swept.calls).size).toBe(swept.calls.length);
  expect(swept.calls.filter((call) => !call.startsWith("GET "))).toEqual([]);
  expect(record()).toMatchObject({ verdict: "clean", stacks: { staging: { clean: true }, watch: { clean: true } } });
});

test("a fast sweep after which nothing moved makes two calls, says what it did not read, and calls nothing clean", async () => {
  const { code, stdout, calls } = await drift("--fast");
  expect({ code, calls }).toEqual({ code: 0, calls: expect.arrayContaining([expect.any(String)]) });
  expect(calls).toHaveLength(2);
  const { checked_at } = record();
  for (const name of ["staging", "production", "watch"])
    expect(stdout).toContain(`\n${name.padEnd(10)}  ${checked_at}`);
  expect(stdout).toContain("Not read: secrets, addresses, certificates");
  expect(stdout).toContain("Whether these stacks are as declared is not known.");
  expect(stdout).not.toMatch(/as declared \(|clean/);
});

test("a fast sweep reads the stacks of an app that moved, and leaves the others", async () => {
  const [machine] = await project.fly.machines.list("second");
  if (!machine?.config) throw new Error("no machine");
  const config = { ...machine.config, guest: { ...machine.config.guest, memory_mb: 1024 } };
  await project.fly.machines.update("second", machine.id, { config, current_version: machine.instance_id });
  const { code, stdout, stderr, calls } = await drift("--fast", "--json");
  const { stacks, unread } = JSON.parse(stdout);
  expect(code).toBe(2);
  expect(stderr).toContain("production: read in full, since app second moved");
  expect(stacks).toMatchObject([{ stack: "production", outcome: "differs", drift: 1 }]);
  expect(unread).toMatchObject([{ stack: "staging" }, { stack: "watch" }]);
  expect(calls.filter((call) => call.includes("/apps/first"))).toEqual([]);
});

test("a stack that was not as declared is read by every fast sweep", async () => {
  expect(await drift("production")).toMatchObject({ code: 2 });
  expect(record()).toMatchObject({ verdict: "differs", stacks: { production: { clean: false } } });
  expect((await drift("--fast", "production")).stderr).toContain(
    "production: read in full, since it was not as declared",
  );
});

test("parts of a matrix have each stack once, and the record names its part", async () => {
  const part = async (shard: string) => JSON.parse((await drift("--json", "--shard", shard)).stdout).stacks;
  const names = [...(await part("1/2")), ...(await part("2/2"))].map(({ stack }) => stack);
  expect(names).toEqual(["production", "watch", "staging"]);
  expect(record()).toMatchObject({ shard: "2/2" });
});

test.each([
  ["a part that is none", ["--shard", "3/2"], "[infra/shard]"],
  ["a fast sweep without a record", ["--fast"], "[infra/fast-record]"],
  ["a fast sweep as a report", ["--fast", "--heartbeat", "h", "--issue"], "[infra/fast-report]"],
  ["a record that is not there", ["--fast", "--heartbeat", "absent.json"], "[infra/heartbeat]"],
  ["a record that is none", ["--fast", "--heartbeat", "cdktf.json"], "[infra/heartbeat]"],
  ["to look at no record", ["--heartbeat-older-than", "26"], "[infra/heartbeat]"],
])("refuses %s", async (_what, argv, id) => {
  const { code, stderr } = await project.infra(["drift", ...argv]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(id) });
});

test("silence alarms: a record that is too old fails, and a fast sweep does not make it younger", async () => {
  const { checked_at } = record();
  const at = (hours: number) => new Date(Date.parse(checked_at) + hours * 3_600_000).toISOString();
  const argv = ["drift", "--heartbeat", "heartbeat.json", "--heartbeat-older-than", "26"];
  await drift("--fast", "staging");
  expect(await project.infra(argv, { now: at(26) })).toMatchObject({
    code: 0,
    stdout: `Checked at ${checked_at}: clean\n`,
  });
  const { code, stderr } = await project.infra(argv, { now: at(27.5) });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`since ${checked_at}, 27 hours ago`) });
});
