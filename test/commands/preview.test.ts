/** Previews as the workflows and people make, list and remove them: HotDash's own program, the sandbox's Fly and GitHub. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { declaredIn } from "../../ops/declared";
import { livePreviews, removePreview } from "../../ops/preview/orphan";
import { type PreviewPattern, previewPattern } from "../../ops/preview/pattern";
import { synthesize } from "../../ops/project";
import { sandboxEnvironment } from "../../ops/sandbox/environment";
import { createSandbox, type Sandbox } from "../../sandbox";
import { createStage } from "../clients/stage";
import { infra, type Ran, type RunOptions, remove } from "./support/project";
import { applyResources, type Resources, resourcesIn } from "./support/synthesized";

const root = join(__dirname, "..", "..");
const directory = mkdtempSync(join(tmpdir(), "infra-preview-"));
const naming = mkdtempSync(join(tmpdir(), "infra-preview-"));
const before = { ...process.env };
const repository = "hotdash/hotdash";
const never = new AbortController().signal;
const program = `
const { mkdirSync, writeFileSync } = require("node:fs");
const { CDKTF_OUTDIR: out, PREVIEW_NUMBER: number } = process.env;
const stacks = {};
const add = (name, app, prefix) => {
  const sources = Object.fromEntries(["DATABASE_URL", "API_KEY"].map((one) => [one, { env: [prefix + one] }]));
  const resource = { fly_app: { it: { name: app } }, fly_secrets: { it: { sources } } };
  mkdirSync(out + "/stacks/" + name, { recursive: true });
  const json = { provider: { fly: [{ organization: "hotdash" }] }, resource };
  writeFileSync(out + "/stacks/" + name + "/cdk.tf.json", JSON.stringify(json));
  stacks[name] = { name, workingDirectory: "stacks/" + name };
};
add("production", "hot-dash", "PRODUCTION_");
if (number) add("preview-" + number, "hotdash-pr-" + number, "STAGING_");
writeFileSync(out + "/manifest.json", JSON.stringify({ stacks }));
`;
let sandbox: Sandbox;
let url: string;
let close: () => Promise<void>;

let pattern: PreviewPattern;
let resources: Resources;

beforeAll(async () => {
  const app = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" "${join(root, "main.ts")}"`;
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  writeFileSync(join(naming, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node program.cjs" }));
  writeFileSync(join(naming, "program.cjs"), program);
  sandbox = createSandbox({ limits: "off" });
  ({ url, close } = await sandbox.listen());
  const project = { directory, env: process.env, interruption: { soft: never, hard: never } };
  pattern = await previewPattern(project);
  const stacks = await synthesize({ ...project, env: { ...process.env, PREVIEW_NUMBER: "9" } });
  resources = resourcesIn(stacks.find(({ name }) => name === "preview-9")?.directory ?? "");
  const { secretSources } = declaredIn(stacks.filter(({ name }) => name === "preview-9"));
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, sandboxEnvironment({ url, directory, secretSources, env: {} }));
});

afterAll(async () => {
  await close();
  sandbox.close();
  process.env = before;
  remove(directory);
  remove(naming);
});

afterEach(() => sandbox.control.reset());

const preview = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  infra(directory, ["preview", ...argv], options);
/** The same over a program that only names its apps and their secrets: synthesized in no time, and never applied. */
const named = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  infra(naming, ["preview", ...argv], options);
const apps = () => [...sandbox.control.state().apps.keys()].sort();
const machines = () => [...sandbox.control.state().apps.values()].flatMap((app) => [...app.machines.values()]);
const fly = (method: string, path: string, body?: object) =>
  fetch(url + path, {
    method,
    headers: { authorization: "Bearer fo1_sandbox_deploy" },
    ...(body && { body: JSON.stringify(body) }),
  });
const empty = async (names: readonly string[]) => {
  for (const name of names) await fly("POST", "/v1/apps", { name, org_slug: "hotdash" });
};

async function github(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/v3/repos/${repository}/${path}`, {
    method,
    headers: { authorization: "Bearer ghp_sandbox_admin" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<Record<string, unknown>>;
}

async function openPullRequest(branch: string): Promise<number> {
  const main = (await github("GET", "git/ref/heads/main")) as { object: { sha: string } };
  await github("POST", "git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
  const content = Buffer.from(branch).toString("base64");
  await github("PUT", `contents/${branch}.txt`, { message: branch, content, branch });
  const pull = await github("POST", "pulls", { title: branch, head: branch, base: "main", body: "" });
  return Number(pull.number);
}

const comments = async (number: number) =>
  (await github("GET", `issues/${number}/comments`)) as unknown as readonly { readonly body: string }[];

test("makes a preview, tells of it in one comment, and removes it with all that it held", async () => {
  const number = await openPullRequest("whole");
  const name = `hotdash-pr-${number}`;
  const asked = ["--repository", repository, "--comment"];
  // Somebody's copy of the comment is not ours.
  await fetch(`${url}/api/v3/repos/${repository}/issues/${number}/comments`, {
    method: "POST",
    headers: { authorization: "Bearer ghp_sandbox_dev" },
    body: JSON.stringify({ body: "<!-- infra:preview -->\nmine" }),
  });
  const first = await preview(["up", String(number), ...asked, "--ttl", "3d"]);
  expect({ code: first.code, says: first.code === 0 ? first.stdout : first.stderr }).toEqual({
    code: 0,
    says: `Preview ${number}: https://${name}.fly.dev (made or updated)\n`,
  });
  const [machine] = machines();
  expect(machine?.config?.metadata).toMatchObject({
    preview_pull_request: String(number),
    preview_owner: "hotdash-owner",
    preview_repository: repository,
  });
  const stays = Date.parse(machine?.config?.metadata?.preview_expires ?? "") - Date.now();
  expect(Math.round(stays / 3_600_000)).toBe(72);
  const again = JSON.parse((await preview(["up", String(number), ...asked, "--json"])).stdout);
  expect(again).toMatchObject({ changed: false, comment: "rewritten", app: name, owner: "hotdash-owner" });
  const [copy, own, ...others] = (await comments(number)).map(({ body }) => body);
  expect({ copy, others }).toEqual({ copy: "<!-- infra:preview -->\nmine", others: [] });
  for (const part of [
    `**Preview:** https://${name}.fly.dev\n`,
    `| Commit | \`${again.commit.slice(0, 12)}\` |`,
    "| Version | `deployment-01K82NTP6MKVJP3RM2VP3WQDZH` |",
    "| Health | 1 of 1 machines started; ",
    `[app](https://fly.io/apps/${name}), [monitoring](https://fly.io/apps/${name}/monitoring)`,
    "| Owner | `hotdash-owner` |",
    `| Stays until | ${again.expires.slice(0, 16).replace("T", " ")} UTC`,
    "| Cost | 0.00 to 3.99 US$ a month, an estimate |",
  ]) {
    expect(own).toContain(part);
  }
  expect((await preview(["down", String(number), ...asked])).stdout).toBe(
    `Preview ${number} is removed: ${name} and all that it held.\n`,
  );
  expect({ apps: apps(), machines: machines() }).toEqual({ apps: [], machines: [] });
  expect((await comments(number)).map(({ body }) => body.split("\n")[1])).toEqual(["mine", "**Preview:** removed"]);
  expect((await preview(["down", String(number)])).stdout).toBe(`There is no ${name}; nothing to remove.\n`);
});

test("sweeps what no open pull request needs, and never an app whose name only resembles a preview's", async () => {
  const [open, closed] = [await openPullRequest("one"), await openPullRequest("two")];
  await github("PATCH", `pulls/${closed}`, { state: "closed" });
  const near = ["hotdash-pr-07", "hotdash-pr-7x", "my-hotdash-pr-7", "prod-1", `hotdash-pr-${open}0x`];
  await empty([...near, ...[open, closed, 900].map((number) => `hotdash-pr-${number}`)]);
  sandbox.control.clearJournal();
  const listed = JSON.parse((await named(["list", "--repository", repository, "--json"])).stdout);
  expect(listed.previews.map((one: { app: string; pullRequest: string }) => `${one.app} ${one.pullRequest}`)).toEqual([
    `hotdash-pr-${open} open`,
    `hotdash-pr-${closed} closed`,
    "hotdash-pr-900 closed",
  ]);
  expect(sandbox.control.journal().filter(({ path }) => path.startsWith("/api/v3/"))).toHaveLength(1);
  expect((await named(["sweep", "--repository", repository])).stderr).toContain("[infra/needs-yes]");
  expect((await named(["sweep", "--dry-run", "--repository", repository])).code).toBe(2);
  expect(apps()).toHaveLength(8);
  // One that Fly keeps does not keep the others.
  sandbox.control.setFaults([
    { match: { method: "DELETE", path: `-${closed}$` }, effect: { status: 403, body: { error: "unauthorized" } } },
  ]);
  const partly = await named(["sweep", "--yes", "--repository", repository]);
  expect({ code: partly.code, stdout: partly.stdout }).toEqual({ code: 1, stdout: "Removed: hotdash-pr-900.\n" });
  expect(partly.stderr).toMatch(new RegExp(`hotdash-pr-${closed}: .*403.*\\[infra/preview-left\\]`, "s"));
  sandbox.control.setFaults([]);
  const swept = await named(["sweep", "--yes", "--repository", repository]);
  expect({ code: swept.code, stdout: swept.stdout }).toEqual({
    code: 0,
    stdout: `Removed: hotdash-pr-${closed}.\n`,
  });
  expect(apps()).toEqual([...near, `hotdash-pr-${open}`].sort());
});

describe("killed on the way", () => {
  /** Everything after the n-th request is lost, and so is the answer to that one: nothing of a killed process gets through. */
  const killAfter = (stage: ReturnType<typeof createStage>, requests: number) =>
    stage.sandbox.control.setFaults([
      ...(requests > 0 ? [{ match: {}, after: requests - 1, times: 1, effect: { cut: "after" as const } }] : []),
      { match: {}, after: requests, effect: { cut: "before" as const } },
    ]);
  const made = async (kill?: number) => {
    const stage = createStage({ stack: "preview-9", limits: "off" });
    Object.assign(stage.env, process.env);
    if (kill !== undefined) killAfter(stage, kill);
    const ended = await applyResources(stage, resources).then(
      () => "done",
      () => "killed",
    );
    return { stage, ended };
  };
  const swept = async ({ fly: client, sandbox: { control } }: ReturnType<typeof createStage>) => {
    control.setFaults([]);
    const orphans = await livePreviews(client, pattern, async () => ({ repository, authors: new Map() }), Date.now());
    for (const { number, orphan } of orphans) if (orphan) await removePreview(client, pattern, number);
    return { apps: await client.apps.list("hotdash"), machines: await client.machines.listOrganization("hotdash") };
  };
  const nothing = { apps: [], machines: { machines: [], error_regions: [] } };

  test("at 20 points of making it, one sweep leaves nothing", async () => {
    const { stage, ended } = await made();
    expect(ended).toBe("done");
    const requests = stage.calls().length;
    const points = Array.from({ length: 20 }, (_, index) => Math.floor((index * requests) / 20));
    expect(new Set(points).size).toBe(20);
    const left: number[] = [];
    for (const point of points) {
      const killed = await made(point);
      expect({ point, ended: killed.ended }).toEqual({ point, ended: "killed" });
      left.push(killed.stage.sandbox.control.status().machines);
      expect({ point, ...(await swept(killed.stage)) }).toEqual({ point, ...nothing });
    }
    // The points lie on both sides of the machine.
    expect(new Set(left)).toEqual(new Set([0, 1]));
  });

  test("at every point of removing it, one sweep leaves nothing", async () => {
    for (let point = 0; point < 4; point += 1) {
      const { stage } = await made();
      killAfter(stage, point);
      await removePreview(stage.fly, pattern, 9).catch(() => {});
      expect({ point, ...(await swept(stage)) }).toEqual({ point, ...nothing });
    }
  });

  /** Starts the real command and kills it as soon as Fly has seen so many of its writes. Terraform loses its provider with it. */
  const killReally = async (number: number, writes: number) => {
    const own = mkdtempSync(join(tmpdir(), "infra-preview-kill-"));
    cpSync(join(directory, "cdktf.json"), join(own, "cdktf.json"));
    const argv = [join(root, "bin", "infra.cjs"), "preview", "up", String(number)];
    const child = spawn(process.execPath, argv, { cwd: own, env: process.env, stdio: "ignore" });
    const exit = once(child, "exit");
    const seen = () =>
      sandbox.control
        .journal()
        .filter(
          ({ method, path, body }) => method !== "GET" && `${path}${JSON.stringify(body)}`.includes(`-${number}`),
        );
    while (seen().length < writes && child.exitCode === null) await pause(5);
    child.kill("SIGKILL");
    const [, signal] = await exit;
    remove(own);
    return signal;
  };

  test("as real processes, one sweep leaves nothing", async () => {
    const killed = await Promise.all([killReally(601, 1), killReally(604, 4), killReally(606, 6)]);
    expect(killed).toEqual(["SIGKILL", "SIGKILL", "SIGKILL"]);
    expect(apps()).toEqual(["hotdash-pr-601", "hotdash-pr-604", "hotdash-pr-606"]);
    expect((await preview(["sweep", "--yes", "--repository", repository])).code).toBe(0);
    expect({ apps: apps(), machines: machines() }).toEqual({ apps: [], machines: [] });
  });
});

test("gives a fork's pull request no preview, nor one that is closed or is none", async () => {
  const number = await openPullRequest("forked");
  const closed = await openPullRequest("over");
  await github("PATCH", `pulls/${closed}`, { state: "closed" });
  const pull = (await github("GET", `pulls/${number}`)) as { head: object };
  const refused = async (which: number, source?: object | null) => {
    sandbox.control.setFaults(
      source === undefined
        ? []
        : [
            {
              match: { path: `/pulls/${number}$` },
              effect: { status: 200, body: { ...pull, head: { ...pull.head, repo: source } } },
            },
          ],
    );
    return (await named(["up", String(which), "--repository", repository, "--comment"])).stderr;
  };
  expect(await refused(number, { full_name: "stranger/hotdash" })).toMatch(
    /comes from stranger\/hotdash.*preview-fork\]/s,
  );
  expect(await refused(number, null)).toMatch(/a fork that is gone.*preview-fork\]/s);
  expect(await refused(closed)).toMatch(/is closed.*preview-pull-request\]/s);
  expect(await refused(9_999)).toMatch(/does not exist.*preview-pull-request\]/s);
  expect({ apps: apps(), comments: await comments(number) }).toEqual({ apps: [], comments: [] });
});

test("lets the preview of another repository be that names its apps alike", async () => {
  await empty(["hotdash-pr-5"]);
  const config = { image: "nginx", metadata: { preview_repository: "hotdash/other" } };
  await fly("POST", "/v1/apps/hotdash-pr-5/machines", { config });
  const ours = ["--repository", repository];
  expect((await named(["down", "5", ...ours])).stderr).toContain("[infra/preview-elsewhere]");
  expect(JSON.parse((await named(["sweep", "--yes", "--json", ...ours])).stdout)).toMatchObject({ orphans: [] });
  expect(apps()).toEqual(["hotdash-pr-5"]);
  expect((await named(["down", "5", "--repository", "HotDash/Other"])).code).toBe(0);
  expect(apps()).toEqual([]);
});

test("gives no preview a value of production, and never tells it", async () => {
  const value = "canary-of-production";
  const env = { PRODUCTION_DATABASE_URL: value, STAGING_API_KEY: value, STAGING_DATABASE_URL: "other" };
  const { code, stdout, stderr } = await named(["up", "43"], { env });
  expect({ code, named: stderr.includes("API_KEY: STAGING_API_KEY") }).toEqual({ code: 1, named: true });
  expect(stderr).not.toContain("DATABASE_URL:");
  expect(stdout + stderr).not.toContain(value);
  expect(apps()).toEqual([]);
});

test.each([
  { what: "a number that is none", argv: ["up", "seven"], says: "[infra/preview-number]" },
  { what: "a number with a leading zero", argv: ["down", "07"], says: "[infra/preview-number]" },
  { what: "a sweep without a repository", argv: ["sweep", "--yes"], says: "[infra/repository]" },
  { what: "a comment without a repository", argv: ["up", "7", "--comment"], says: "[infra/repository]" },
  { what: "a comment without a repository at the end", argv: ["down", "7", "--comment"], says: "[infra/repository]" },
  { what: "a repository that is none", argv: ["sweep", "--repository", "hotdash"], says: "[infra/repository]" },
  { what: "a time that is none", argv: ["up", "7", "--ttl", "soon"], says: "[infra/preview-ttl]" },
  { what: "no time at all", argv: ["up", "7", "--ttl", "0h"], says: "[infra/preview-ttl]" },
  { what: "a time without end", argv: ["up", "7", "--ttl", "91d"], says: "[infra/preview-ttl]" },
])("refuses $what", async ({ argv, says }) => {
  const { code, stderr } = await named(argv);
  expect({ code, says: stderr.includes(says) ? says : stderr }).toEqual({ code: 1, says });
});
