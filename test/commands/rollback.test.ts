/** `infra releases` and `infra rollback` as a person uses them: a project without any state, a sandbox, a release that is bad. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFly } from "../../api/fly";
import { createSandbox } from "../../sandbox";
import { fakeProject, infra, type Ran, remove } from "./support/project";

const image = (tag: string) => `registry.fly.io/shop:${tag}`;
const stack = {
  resource: {
    fly_app: { shop: { name: "shop" } },
    fly_process_group: {
      shop_web: { app: "shop", group: "web", services: [{ checks: [{ type: "http", path: "/health" }] }] },
    },
  },
};
const project = fakeProject({ production: stack, staging: stack });
let server: { readonly url: string; close(): Promise<void> };
let url: string;

beforeAll(async () => {
  server = await createSandbox({ limits: "off" }).listen();
  url = server.url;
  const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  await fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  const metadata = { fly_process_group: "web", fly_platform_version: "v2" };
  await fly.machines.create("shop", { name: "web-1", region: "ord", config: { image: image("v2.0.0"), metadata } });
  for (const tag of ["v1.0.0", "v2.0.0"]) {
    const release = await fly.releases.create({
      app_name: "shop",
      image: image(tag),
      strategy: "ROLLING",
      definition: {},
    });
    await fly.releases.update(release.id, { status: "complete" });
  }
});

afterAll(async () => {
  await server.close();
  remove(project);
});

const run = (argv: readonly string[], types?: string): Promise<Ran> =>
  infra(project, argv, {
    env: {
      FLY_API_TOKEN: "fo1_sandbox_deploy",
      FLY_FLAPS_BASE_URL: url,
      FLY_API_BASE_URL: url,
      FLY_UIEX_BASE_URL: url,
      GITHUB_ACTOR: "somebody",
    },
    ...(types !== undefined && { types }),
  });

test("lists what runs and what is ready, also as JSON", async () => {
  const { code, stdout } = await run(["releases", "staging"]);
  expect({
    code,
    lines: stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(0, 2)),
  }).toEqual({
    code: 0,
    lines: [
      ["Release", "Standing"],
      ["v2", "runs now"],
      ["v1", "ready"],
    ],
  });
  const json = JSON.parse((await run(["releases", "staging", "--json"])).stdout);
  expect(json).toMatchObject({
    version: 1,
    app: "shop",
    releases: [
      { version: 2, standing: "runs" },
      { version: 1, standing: "ready" },
    ],
  });
});

test.each([
  { what: "production without its app's name", argv: ["production"], says: "Add --confirm shop" },
  { what: "production with yes alone", argv: ["production", "--yes"], says: "Add --confirm shop" },
  { what: "production with another name", argv: ["production", "--confirm", "staging"], says: "[infra/not-agreed]" },
  { what: "staging without an answer", argv: ["staging"], says: "[infra/needs-yes]" },
  { what: "a time that is none", argv: ["staging", "--yes", "--watch", "soon"], says: "[infra/watch-time]" },
])("refuses $what, and writes nothing", async ({ argv, says }) => {
  const { code, stderr } = await run(["rollback", ...argv]);
  expect({ code, says: stderr.includes(says) }).toEqual({ code: 1, says: true });
  expect(existsSync(join(project, "artifacts"))).toBe(false);
});

test("shows the plan, asks for the name of production's app, rolls back and leaves a record and a report", async () => {
  const { code, stdout, stderr } = await run(["rollback", "production", "--watch", "0s"], "shop");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(stderr).toContain(`from  release 2, ${image("v2.0.0")}`);
  expect(stderr).toContain(`to    release 1, ${image("v1.0.0")}`);
  expect(stdout).toContain(`production runs ${image("v1.0.0")}`);
  const folder = join(project, "artifacts", "rollbacks");
  const [record = "", report = ""] = readdirSync(folder).sort();
  expect(JSON.parse(readFileSync(join(folder, record), "utf8"))).toMatchObject({
    environment: "production",
    app: "shop",
    by: "somebody",
    from: { version: 2 },
    to: { version: 1 },
    release: 3,
    outcome: "rolled-back",
  });
  expect(readFileSync(join(folder, report), "utf8")).toContain("https://fly.io/apps/shop/monitoring");
});

test("goes to a version by its tag", async () => {
  const { code, stdout } = await run(["rollback", "staging", "--to", "v2.0.0", "--yes", "--watch", "0s", "--json"]);
  expect({ code, to: JSON.parse(stdout).to }).toEqual({ code: 0, to: { version: 2, image: image("v2.0.0") } });
});

test("says what is missing without a token", async () => {
  const { code, stderr } = await infra(project, ["releases", "staging"], {
    env: { FLY_API_TOKEN: "", FLY_ACCESS_TOKEN: "" },
  });
  expect({ code, says: stderr.includes("[infra/no-token]") }).toEqual({ code: 1, says: true });
});
