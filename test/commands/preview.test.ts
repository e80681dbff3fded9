/** Previews as the workflows and people make, list and remove them: HotDash's own program, the sandbox's Fly and GitHub. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createFly, type Fly } from "../../api/fly";
import { infra, type Ran, remove } from "./support/project";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "infra-preview-"));
const before = { ...process.env };
const repository = "hotdash/hotdash";
let url: string;
let fly: Fly;

beforeAll(async () => {
  const app = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" "${join(root, "main.ts")}"`;
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  url = JSON.parse((await infra(directory, ["sandbox", "start", "--port", "0", "--json"])).stdout).url;
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, JSON.parse((await infra(directory, ["sandbox", "env", "--json"])).stdout));
  fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
});

afterAll(async () => {
  await infra(directory, ["sandbox", "stop"]);
  process.env = before;
  remove(directory);
});

const preview = (...argv: readonly string[]): Promise<Ran> => infra(directory, ["preview", ...argv]);
const apps = async () => (await fly.apps.list("hotdash")).map(({ name }) => name).sort();
const machines = async () => (await fly.machines.listOrganization("hotdash")).machines.map(({ app_name }) => app_name);

async function github(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/v3/${path}`, {
    method,
    headers: { authorization: "Bearer ghp_sandbox_admin" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<Record<string, unknown>>;
}

async function openPullRequest(branch: string): Promise<number> {
  const main = (await github("GET", `repos/${repository}/git/ref/heads/main`)) as { object: { sha: string } };
  await github("POST", `repos/${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha: main.object.sha });
  const content = Buffer.from(branch).toString("base64");
  await github("PUT", `repos/${repository}/contents/${branch}.txt`, { message: branch, content, branch });
  const pull = await github("POST", `repos/${repository}/pulls`, {
    title: branch,
    head: branch,
    base: "main",
    body: "",
  });
  return Number(pull.number);
}

test("makes a preview, makes it again without a change, and removes it with all that it held", async () => {
  const first = await preview("up", "41");
  expect({ code: first.code, says: first.code === 0 ? first.stdout : first.stderr }).toEqual({
    code: 0,
    says: "Preview 41: https://hotdash-pr-41.fly.dev (made or updated)\n",
  });
  expect(await apps()).toContain("hotdash-pr-41");
  expect((await preview("up", "41")).stdout).toBe("Preview 41: https://hotdash-pr-41.fly.dev (as declared already)\n");
  expect((await preview("down", "41")).stdout).toBe("Preview 41 is removed: hotdash-pr-41 and all that it held.\n");
  expect({ apps: await apps(), machines: await machines() }).toEqual({ apps: [], machines: [] });
  expect((await preview("down", "41")).stdout).toBe("There is no hotdash-pr-41; nothing to remove.\n");
  // Its state still tells of it; the next run finds that it is gone and makes it anew.
  expect((await preview("up", "41")).code).toBe(0);
  await preview("down", "41");
});

test("sweeps what no open pull request needs, and never an app whose name only resembles a preview's", async () => {
  const [open, closed] = [await openPullRequest("one"), await openPullRequest("two")];
  await github("PATCH", `repos/${repository}/pulls/${closed}`, { state: "closed" });
  const near = ["hotdash-pr-07", "hotdash-pr-7x", "my-hotdash-pr-7", "prod-1"];
  for (const name of [...near, ...[open, closed, 900].map((number) => `hotdash-pr-${number}`)]) {
    await fly.apps.create({ name, org_slug: "hotdash", idempotency_key: name });
  }
  const listed = JSON.parse((await preview("list", "--repository", repository, "--json")).stdout);
  expect(listed.previews.map((one: { app: string; pullRequest: string }) => `${one.app} ${one.pullRequest}`)).toEqual([
    `hotdash-pr-${open} open`,
    `hotdash-pr-${closed} closed`,
    "hotdash-pr-900 missing",
  ]);
  expect((await preview("sweep", "--repository", repository)).stderr).toContain("[infra/needs-yes]");
  expect((await preview("sweep", "--dry-run", "--repository", repository)).code).toBe(2);
  expect(await apps()).toHaveLength(7);
  const swept = await preview("sweep", "--yes", "--repository", repository);
  expect({ code: swept.code, stdout: swept.stdout }).toEqual({
    code: 0,
    stdout: `Removed: hotdash-pr-${closed}, hotdash-pr-900.\n`,
  });
  expect(await apps()).toEqual([...near, `hotdash-pr-${open}`].sort());
  for (const name of await apps()) await fly.apps.delete(name);
});

test.each(["fly_app.hotdash: done", "fly_process_group.hotdash_app: started", "made in ord"])(
  "stopped when it said %s, one sweep leaves nothing",
  async (interruptAt) => {
    const { code, stderr } = await infra(directory, ["preview", "up", "77"], { interruptAt });
    expect({ code, stderr: code === 130 ? "" : stderr }).toEqual({ code: 130, stderr: "" });
    expect((await preview("sweep", "--yes", "--repository", repository)).code).toBe(0);
    expect({ apps: await apps(), machines: await machines() }).toEqual({ apps: [], machines: [] });
  },
);

test.each([
  { what: "a number that is none", argv: ["up", "seven"], says: "[infra/preview-number]" },
  { what: "a number with a leading zero", argv: ["down", "07"], says: "[infra/preview-number]" },
  { what: "a sweep without a repository", argv: ["sweep", "--yes"], says: "[infra/repository]" },
  { what: "a repository that is none", argv: ["sweep", "--repository", "hotdash"], says: "[infra/repository]" },
])("refuses $what", async ({ argv, says }) => {
  const { code, stderr } = await preview(...argv);
  expect({ code, says: stderr.includes(says) }).toEqual({ code: 1, says: true });
});
