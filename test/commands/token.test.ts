/** Wrong tokens for Fly through the real entry points: each is told in its own sentence, and nothing is made or changed. */
import { app, type FlyProject, flyProject } from "./support/fly-project";

let project: FlyProject;
let expired: string;

const secrets = { fly_secrets: { all: { app: "shop", sources: { TOKEN: { env: ["SHOP_TOKEN"] } } } } };

beforeAll(async () => {
  project = await flyProject({
    shop: { ...app("shop"), ...secrets },
    new: app("new"),
    "preview-7": app("hotdash-pr-7"),
  });
  const { fly, sandbox, url } = project;
  process.env.SHOP_TOKEN = "canary-of-shop";
  await fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  for (const tag of ["v1", "v2"]) {
    const image = `registry.fly.io/shop:${tag}`;
    const release = await fly.releases.create({ app_name: "shop", image, strategy: "ROLLING", definition: {} });
    await fly.releases.update(release.id, { status: "complete" });
  }
  const metadata = { fly_process_group: "web", fly_platform_version: "v2" };
  const config = { image: "registry.fly.io/shop:v2", metadata };
  await fly.machines.create("shop", { name: "web-1", region: "ord", config });
  const made = await fetch(`${url}/v1/apps/shop/deploy_token`, {
    method: "POST",
    headers: { authorization: "Bearer fo1_sandbox_deploy", "content-type": "application/json" },
    body: JSON.stringify({ expiry: "1s" }),
  });
  expired = ((await made.json()) as { readonly token: string }).token;
  for (const row of sandbox.control.state().tokens.values()) if (row.expiresAt !== undefined) row.expiresAt = 0;
});
afterAll(() => project.close());

const state = () =>
  [...project.sandbox.control.state().apps.values()].map(
    ({ name, machines }) => `${name}: ${[...machines.values()].map(({ instanceId }) => instanceId)}`,
  );

const entries = {
  apply: ["apply", "--yes", "new"],
  rollback: ["rollback", "shop", "--yes", "--watch", "0s"],
  "preview up": ["preview", "up", "7"],
  "secrets sync": ["secrets", "sync", "shop"],
} as const;

const tokens: readonly { readonly what: string; readonly token: () => string; readonly told: RegExp }[] = [
  { what: "absent", token: () => "", told: /FLY_API_TOKEN is not set\. .*export FLY_API_TOKEN=.*\[infra\/no-token\]/ },
  {
    what: "malformed",
    token: () => "fo1_canary\nfo1_canary",
    told: /holds a line break.* so it was not sent\. Set it anew.*\[fly\/token-malformed\]/,
  },
  {
    what: "unknown",
    token: () => "fo1_canary",
    told: /Fly does not accept the token[\s\S]*fly auth whoami[\s\S]*\[fly\/token-refused\]/,
  },
  {
    what: "expired",
    token: () => expired,
    told: /Fly does not accept the token[\s\S]*may have expired[\s\S]*\[fly\/token-refused\]/,
  },
  {
    what: "of another organization",
    token: () => "fo1_sandbox_other",
    told: /covers organization other-org, and \S+ declares hotdash\. Nothing was changed\. .*\[fly\/token-organization\]/,
  },
  {
    what: "read-only",
    token: () => "fo1_sandbox_readonly",
    told: /The token may not do this[\s\S]*token is not allowed to write[\s\S]*fly tokens create deploy[\s\S]*\[fly\/token-scope\]/,
  },
];

describe.each(tokens)("a token that is $what", ({ token, told }) => {
  test.each(Object.entries(entries))("is told by %s, and nothing is made", async (_name, argv) => {
    const before = state();
    const home = process.env.FLY_API_TOKEN;
    process.env.FLY_API_TOKEN = token();
    const { code, stdout, stderr } = await project.infra(argv);
    process.env.FLY_API_TOKEN = home;
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(told);
    expect(stdout + stderr).not.toMatch(/canary|internal/);
    expect(state()).toEqual(before);
  });
});
