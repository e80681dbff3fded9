/** The rules of production at the command line: what refuses an apply, what is said, and how an emergency is recorded. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { app, type FlyProject, flyProject } from "./support/fly-project";

const window = { days: ["Mon"], from: "09:00", to: "17:00", timeZone: "America/Los_Angeles" };
const guard = { app: "shop", window, after: "staging" };
const monday = "2026-11-23T18:00:00Z";
const saturday = "2026-11-21T18:00:00Z";
const declared = (env: object) => ({ production: app("shop", { env }), staging: app("shop-staging", { env }) });
let project: FlyProject;

beforeAll(async () => {
  project = await flyProject(declared({}));
  const files = join(project.directory, "cdktf.out", "files");
  mkdirSync(files);
  writeFileSync(join(files, "infra.json"), JSON.stringify({ stacks: { production: { guard } } }));
});
afterAll(() => project.close());

const apply = (now: string, ...argv: readonly string[]) => project.infra(["apply", ...argv], { now });
const apps = async () => (await project.fly.apps.list("hotdash")).map(({ name }) => name);

test("out of the window, before staging and without a way back: each is told with its next step, and nothing is made", async () => {
  const { code, stderr } = await apply(saturday, "--confirm", "shop", "production");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Error \(guard rail\): Nothing was changed:\n {2}production: it is Sat 10:00, and changes begin Mon 09:00 to 17:00 \(America\/Los_Angeles\)\. Wait for the window\. In an emergency: --emergency "why"; a rollback needs none\. \[infra\/guard-window\]\n {2}production: staging comes before and has 2 pending\. Apply it first: npx infra apply staging\..* \[infra\/guard-order\]\n {2}production: shop has no image to go back to\. If this is the first deployment of the app, say so: --first \[infra\/guard-first\]/,
  );
  expect(await apps()).toEqual([]);
});

test("unapproved: a yes is not enough, nor another name", async () => {
  const both = ["--first", "--yes", "staging", "production"];
  const unapproved = await apply(monday, ...both);
  expect(unapproved.stderr).toMatch(/--yes is not enough.* Add --confirm shop to go ahead\. \[infra\/needs-yes\]/);
  const misnamed = await apply(monday, "--confirm", "shop-staging", ...both);
  expect(misnamed.stderr).toContain('--confirm says "shop-staging", and the app is shop. Nothing was changed.');
  expect(await apps()).toEqual([]);
});

test("staging goes first, and production follows under its typed name", async () => {
  const { code, stderr } = await project.infra(["apply", "--first"], { now: monday, types: "shop" });
  expect(code).toBe(0);
  expect(stderr.indexOf("Applying staging")).toBeLessThan(stderr.indexOf("Applying production"));
});

test("an emergency is recorded before the change, with who, why and what was stepped over", async () => {
  project.declare(declared({ A: "1" }));
  const { code, stderr } = await project.infra(
    ["apply", "--emergency", "shop is down", "--confirm", "shop", "production"],
    {
      now: saturday,
      env: { GITHUB_ACTOR: "ada" },
    },
  );
  expect(code).toBe(0);
  expect(stderr.indexOf("Recorded: ")).toBeLessThan(stderr.indexOf("Applying production"));
  const folder = join(project.directory, "artifacts", "overrides");
  const [name = ""] = readdirSync(folder);
  expect(JSON.parse(readFileSync(join(folder, name), "utf8"))).toMatchObject({
    at: "2026-11-21T18:00:00.000Z",
    by: "ada",
    reason: "shop is down",
    overridden: [
      { stack: "production", app: "shop", rule: "window" },
      { stack: "production", app: "shop", rule: "order" },
    ],
  });
});
