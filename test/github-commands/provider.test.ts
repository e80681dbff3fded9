/** plan, apply and drift of a governed repository with the real provider: what it cannot do is done beside it, and nothing is told twice. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "../../config/repository";
import { governance } from "../../constructs/github/governance";
import { seedFor } from "../../ops/sandbox/seed";
import { createSandbox, type Sandbox } from "../../sandbox/index";
import { infra, remove } from "../commands/support/project";
import { findProviders } from "../github/support/stage";

const suite = findProviders() ? describe : describe.skip;
const root = join(__dirname, "..", "..");
const path = "/repos/hotdash/hotdash";

/** The stack `github` with an approver, so that nothing is undecided. */
const program = `
import { configuration } from ${JSON.stringify(join(root, "config"))};
import { github } from ${JSON.stringify(join(root, "stacks", "github"))};
import { program } from ${JSON.stringify(join(root, "synth", "program"))};
program((app) => {
  const config = configuration();
  const production = { ...config.repository.environments.production, approvers: ["sandbox-dev"] };
  const environments = { ...config.repository.environments, production };
  github(app, { ...config, repository: { ...config.repository, environments } });
});
`;

suite("with the real GitHub provider 6.9.0 (needs TF_PROVIDER_MIRROR)", () => {
  const directory = mkdtempSync(join(tmpdir(), "infra-governed-"));
  let sandbox: Sandbox;
  let env: NodeJS.ProcessEnv;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const tsx = pathToFileURL(require.resolve("tsx")).href;
    writeFileSync(join(directory, "main.ts"), program);
    const app = `"${process.execPath}" --import "${tsx}" main.ts`;
    writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
    const seed = { ...seedFor(["hotdash"], [governance(repository)]) };
    sandbox = createSandbox({ limits: "off", seed: JSON.parse(JSON.stringify(seed)) });
    const listening = await sandbox.listen();
    close = listening.close;
    env = {
      GITHUB_BASE_URL: `${listening.url}/`,
      GITHUB_TOKEN: "ghp_sandbox_admin",
      GH_TOKEN: "",
      TF_VAR_github_write_delay_ms: "1",
      FLY_API_TOKEN: "",
    };
  });
  afterAll(async () => {
    await close();
    sandbox.close();
    remove(directory);
  });

  const run = (...argv: string[]) => infra(directory, argv, { env });
  const rest = (method: string, below: string, body: object = {}) =>
    fetch(`${env.GITHUB_BASE_URL}api/v3${path}${below}`, {
      method,
      headers: { authorization: "Bearer ghp_sandbox_admin" },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });

  test("apply sets what the provider cannot; drift adds to the plan what it cannot see, each once; apply repairs what it can", async () => {
    const applied = await run("apply", "--yes");
    expect(applied.stderr).toContain("github:hotdash/hotdash: sha_pinning_required is true now, set over REST");
    expect(applied.stdout).toMatch(/^github: as declared now; \d+ resources changed\n$/);

    const pins = { enabled: true, allowed_actions: "selected", sha_pinning_required: false };
    await rest("PUT", "/actions/permissions", pins);
    await rest("PATCH", "", { has_wiki: true });
    const hook = (await (await rest("POST", "/hooks", { config: { url: "https://evil.example/x" } })).json()) as {
      id: number;
    };

    const drift = await run("drift", "--json");
    const [stack] = (JSON.parse(drift.stdout) as { stacks: { findings: { kind: string; path: string }[] }[] }).stacks;
    const told = stack?.findings
      .filter(({ kind }) => kind !== "follows")
      .map(({ kind, path: where }) => `${kind} ${where}`);
    expect({ code: drift.code, told }).toEqual({
      code: 2,
      told: ["field actions/permissions sha_pinning_required", `undeclared webhook/${hook.id}`, "field has_wiki"],
    });

    const repaired = await run("apply", "--yes");
    expect(repaired.code).toBe(1);
    expect(repaired.stdout).toMatch(/github: failed; \d resources changed, 1 not/);
    expect(repaired.stdout).toContain(`webhook/${hook.id} nobody declared it`);
    await rest("DELETE", `/hooks/${hook.id}`);
    expect((await run("drift")).stdout).toMatch(/^github +\d+ +0 +0 +as declared/m);
  }, 180_000);
});
