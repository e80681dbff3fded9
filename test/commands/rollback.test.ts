/** `infra releases` and `infra rollback` as a person uses them: a project without any state, a sandbox, a release that is bad. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFly, type Fly } from "../../api/fly";
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
/** Holds a flyctl that writes down how it was called. */
const programs = mkdtempSync(join(tmpdir(), "infra-programs-"));
const calls = join(programs, "calls");
let server: { readonly url: string; close(): Promise<void> };
let url: string;
let fly: Fly;

beforeAll(async () => {
  writeFileSync(join(programs, "flyctl"), `#!/bin/sh\necho "$*" >> "${calls}"\n`, { mode: 0o755 });
  server = await createSandbox({ limits: "off" }).listen();
  url = server.url;
  fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
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
  for (const folder of [project, programs]) remove(folder);
});

const run = (argv: readonly string[], types?: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  infra(project, argv, {
    env: {
      GITHUB_BASE_URL: `${url}/`,
      GITHUB_TOKEN: "ghp_sandbox_admin",
      GH_TOKEN: "",
      GITHUB_REPOSITORY: "hotdash/hotdash",
      FLYCTL: join(programs, "flyctl"),
      DATABASE_URL: "",
      FLY_API_TOKEN: "fo1_sandbox_deploy",
      FLY_FLAPS_BASE_URL: url,
      FLY_API_BASE_URL: url,
      FLY_UIEX_BASE_URL: url,
      GITHUB_ACTOR: "somebody",
      ...env,
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

test("goes to a version by its tag, without Terraform and with a state that nobody can read", async () => {
  writeFileSync(join(project, "staging.tfstate"), "no state at all");
  const { code, stdout } = await back("v2.0.0", { TERRAFORM_BINARY_NAME: join(programs, "absent") });
  expect({ code, to: JSON.parse(stdout).to }).toEqual({ code: 0, to: { version: 2, image: image("v2.0.0") } });
});

test("says what is missing without a token", async () => {
  const { code, stderr } = await infra(project, ["releases", "staging"], {
    env: { FLY_API_TOKEN: "", FLY_ACCESS_TOKEN: "" },
  });
  expect({ code, says: stderr.includes("[infra/no-token]") }).toEqual({ code: 1, says: true });
});

/** Releases a version on GitHub, as its workflow does; `change` spoils what is kept of it. */
async function publish(version: string, change: (files: Record<string, Buffer>) => void = () => {}): Promise<void> {
  const folder = mkdtempSync(join(programs, "release-"));
  mkdirSync(join(folder, "build"));
  for (const name of ["Dockerfile", "build/server.js"]) writeFileSync(join(folder, name), version);
  const name = `shop-${version.slice(1)}.tar.gz`;
  execFileSync("tar", ["--create", "--gzip", "--file", name, "Dockerfile", "build"], { cwd: folder });
  const archive = readFileSync(join(folder, name));
  const sum = `${createHash("sha256").update(archive).digest("hex")}  ${name}\n`;
  const files: Record<string, Buffer> = { [name]: archive, [`${name}.sha256`]: Buffer.from(sum) };
  change(files);
  const ask = async (path: string, type: string, body: string | Buffer) => {
    const headers = { authorization: "Bearer ghp_sandbox_admin", "content-type": type };
    const sent = typeof body === "string" ? body : new Uint8Array(body);
    const answer = await fetch(`${url}/api/v3/repos/hotdash/hotdash${path}`, { method: "POST", headers, body: sent });
    return (await answer.json()) as { id: number };
  };
  const prerelease = version.includes("-");
  const { id } = await ask("/releases", "application/json", JSON.stringify({ tag_name: version, prerelease }));
  for (const [file, bytes] of Object.entries(files)) await ask(`/releases/${id}/assets?name=${file}`, "x/y", bytes);
}

const called = (): readonly string[] => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []);
const releases = async (): Promise<number> => (await fly.releases.list("shop")).length;
const back = (to: string, env: NodeJS.ProcessEnv = {}) =>
  run(["rollback", "staging", "--to", to, "--yes", "--watch", "0s", "--json"], undefined, env);

test.each<{ what: string; version: string; change?: (files: Record<string, Buffer>) => void; id: string }>([
  {
    what: "one byte of whose archive was changed",
    version: "v0.8.0",
    change: (files) => {
      const [archive] = Object.values(files);
      if (archive) archive[20] = (archive[20] ?? 0) ^ 1;
    },
    id: "[infra/checksum]",
  },
  {
    what: "whose checksum is none",
    version: "v0.8.1",
    change: (files) => {
      files["shop-0.8.1.tar.gz.sha256"] = Buffer.from("trust me");
    },
    id: "[infra/checksum]",
  },
  {
    what: "without a checksum",
    version: "v0.8.2",
    change: (files) => {
      delete files["shop-0.8.2.tar.gz.sha256"];
    },
    id: "[infra/release-files]",
  },
  {
    what: "whose archive is none",
    version: "v0.8.3",
    change: (files) => {
      files["shop-0.8.3.tar.gz"] = Buffer.from("no archive");
      const sum = createHash("sha256").update("no archive").digest("hex");
      files["shop-0.8.3.tar.gz.sha256"] = Buffer.from(sum);
    },
    id: "[infra/release-files]",
  },
  { what: "that was never released", version: "v0.7.0", id: "[infra/unknown-release]" },
])("refuses a version $what, before anything is built or changed", async ({ version, change, id }) => {
  if (version !== "v0.7.0") await publish(version, change);
  const before = [called(), await releases()];
  const { code, stderr } = await back(version);
  expect({ code, says: stderr.includes(id) }).toEqual({ code: 1, says: true });
  expect([called(), await releases()]).toEqual(before);
});

test("says why a version was not looked for on GitHub, beside that Fly has none", async () => {
  const { code, stderr } = await back("v0.9.0", { GITHUB_TOKEN: "" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/has no completed release v0\.9\.0.*\[infra\/unknown-release\]/);
  expect(stderr).toContain("[github/no-token]");
});

test("refuses a prerelease in production", async () => {
  await publish("v3.0.0-rc.1");
  const { code, stderr } = await run(["rollback", "production", "--to", "v3.0.0-rc.1", "--confirm", "shop"]);
  expect({ code, says: stderr.includes("[infra/prerelease]") }).toEqual({ code: 1, says: true });
});
