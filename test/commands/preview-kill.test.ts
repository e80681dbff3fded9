/** Previews that are cut off on the way: whatever is left, one sweep removes it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { livePreviews, removePreview } from "../../ops/preview/orphan";
import { type PreviewPattern, previewPattern } from "../../ops/preview/pattern";
import { createStage } from "../clients/stage";
import { createHotDashSite, type HotDashSite, repository } from "./support/preview-site";
import { remove } from "./support/project";
import { applyResources } from "./support/synthesized";

const root = join(__dirname, "..", "..");
let site: HotDashSite;
let pattern: PreviewPattern;

beforeAll(async () => {
  site = await createHotDashSite();
  pattern = await previewPattern(site.project);
});
afterAll(() => site.close());
afterEach(() => site.sandbox.control.reset());

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
  const ended = await applyResources(stage, site.resources).then(
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

test("killed at 20 points of making it, one sweep leaves nothing", async () => {
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

test("killed at every point of removing it, one sweep leaves nothing", async () => {
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
  cpSync(join(site.directory, "cdktf.json"), join(own, "cdktf.json"));
  const argv = [join(root, "bin", "infra.cjs"), "preview", "up", String(number)];
  const child = spawn(process.execPath, argv, { cwd: own, env: process.env, stdio: "ignore" });
  const exit = once(child, "exit");
  const seen = () =>
    site.sandbox.control
      .journal()
      .filter(({ method, path, body }) => method !== "GET" && `${path}${JSON.stringify(body)}`.includes(`-${number}`));
  while (seen().length < writes && child.exitCode === null) await pause(5);
  child.kill("SIGKILL");
  const [, signal] = await exit;
  remove(own);
  return signal;
};

test("killed as a real process, one sweep leaves nothing", async () => {
  const killed = await Promise.all([killReally(601, 1), killReally(604, 4), killReally(606, 6)]);
  expect(killed).toEqual(["SIGKILL", "SIGKILL", "SIGKILL"]);
  expect(site.apps()).toEqual(["hotdash-pr-601", "hotdash-pr-604", "hotdash-pr-606"]);
  expect((await site.preview(["sweep", "--yes", "--repository", repository])).code).toBe(0);
  expect({ apps: site.apps(), machines: site.machines() }).toEqual({ apps: [], machines: [] });
});
