/** A repository that no stack declares, written down: whole where the words suffice, and else each thing named. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGithubReader, githubAddressFrom } from "../../api/github";
import { repository as configured } from "../../config/repository";
import type { RepositoryShape } from "../../config/repository-shape";
import { renderCodeOwners } from "../../constructs/github/code-owner";
import { governance } from "../../constructs/github/governance";
import { adoptRepository } from "../../ops/adopt/adopt-repository";
import { repositoryStackFile } from "../../ops/adopt/stack-file";
import { defaultSeed } from "../../sandbox/seed";
import { openFolder, writeProgram } from "../commands/support/program";
import { infra, type Ran, remove } from "../commands/support/project";
import { findProviders } from "../github/support/stage";
import { createSite, own, owner, type Site } from "./support/site";

const files = {
  ".github/CODEOWNERS": renderCodeOwners(configured),
  ".github/workflows/old.yml": "on: push\njobs: {}\n",
};

/** Some of everything, whatever HotDash's configuration says. */
const small: RepositoryShape = {
  ...configured,
  description: "A shop",
  protection: { ...configured.protection, requiredChecks: ["lint", "build"], approvals: 2 },
  environments: {
    production: {
      approvers: [],
      approval: "reviewers",
      branches: ["main"],
      tags: ["v*"],
      waitMinutes: 0,
      adminsBypass: false,
      preventSelfReview: false,
      secrets: ["FLY_API_TOKEN"],
    },
  },
  secrets: ["FLY_API_TOKEN"],
  labels: [{ name: "bug", color: "d73a4a", description: "Something does not work" }],
};

const sites: Site[] = [];

async function siteOf(shape: Partial<RepositoryShape>): Promise<Site> {
  const { github } = defaultSeed;
  const repositories = (github?.repositories ?? []).map((one) => ({ ...one, files }));
  const made = await createSite(shape, { seed: { ...defaultSeed, github: { ...github, repositories } } });
  sites.push(made);
  return made;
}

let site: Site;
let folder: string;

beforeAll(async () => {
  site = await siteOf(small);
  folder = mkdtempSync(join(tmpdir(), "adopt-"));
});
afterAll(async () => {
  for (const one of sites) await one.close();
  remove(folder);
});

const run = (directory: string, ...argv: string[]): Promise<Ran> => {
  const tokens = { GITHUB_TOKEN: owner, GH_TOKEN: "", FLY_API_TOKEN: "" };
  return infra(directory, argv, {
    env: { GITHUB_BASE_URL: `${site.url}/`, TF_VAR_github_write_delay_ms: "1", ...tokens },
  });
};
const command = ["adopt", "hotdash/hotdash", "--stack", "site", "--out", "."];

const adopted = ({ url }: Site) => {
  const github = createGithubReader({ ...githubAddressFrom({ GITHUB_BASE_URL: `${url}/` }), token: owner });
  return adoptRepository(github, { owner: "hotdash", name: "hotdash", now: Date.now() });
};

/** Families of secrets are a matter of taste: GitHub knows names. */
const plain = (shape: RepositoryShape): RepositoryShape => {
  const names = (all: readonly string[]) => all.filter((one) => !one.endsWith("*")).sort();
  const environments = Object.entries(shape.environments).map(
    ([name, one]) => [name, { ...one, secrets: names(one.secrets) }] as const,
  );
  return { ...shape, secrets: names(shape.secrets), environments: Object.fromEntries(environments) };
};

test("HotDash's repository, governed by hand, is written down as it is configured", async () => {
  const hotDash = await siteOf({});
  const { shape, unsaid } = await adopted(hotDash);
  expect(unsaid).toEqual([]);
  expect(governance(shape)).toEqual(governance(plain(configured)));
  expect(shape.codeOwners).toEqual(configured.codeOwners);
});

test("classic protection is written down as such, and imported", async () => {
  const classic = await siteOf({ ...small, protection: { ...small.protection, mechanism: "classic", tags: [] } });
  await classic.rest("PUT", `${own}/branches/main/protection`, {
    required_status_checks: { strict: true, contexts: ["lint", "build"] },
    enforce_admins: true,
    required_pull_request_reviews: {
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      required_approving_review_count: 2,
      bypass_pull_request_allowances: { users: [], teams: ["break-glass"] },
    },
    restrictions: null,
    required_linear_history: true,
    required_conversation_resolution: true,
  });
  const { shape, imports, unsaid } = await adopted(classic);
  expect(unsaid).toEqual([]);
  expect(shape.protection).toEqual({ ...small.protection, mechanism: "classic", tags: [] });
  expect(imports).toContainEqual({ to: "github_branch_protection.branch_rule", id: "hotdash:main" });
});

test("the file is one that the compiler and the linter of this repository read", async () => {
  const text = repositoryStackFile(await adopted(site), { stack: "site", library: "../../../index" });
  expect(text).toBe(readFileSync(join(__dirname, "adopted", "site.ts"), "utf8"));
});

test("the command writes it, and says which files it leaves to another stack and what comes next", async () => {
  const { code, stdout, stderr } = await run(folder, ...command);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("site.ts  written: repository hotdash/hotdash"),
  });
  expect(stdout).toContain('ignored: ["old.yml"]');
  expect(stderr).toContain('import { siteStack } from "./site"');
});

(findProviders() ? describe : describe.skip)("with the real GitHub provider 6.9.0 (needs TF_PROVIDER_MIRROR)", () => {
  const directory = openFolder();
  afterAll(() => remove(directory));

  test("an apply of the file takes everything over and replaces nothing; then the plan is empty", async () => {
    await run(directory, ...command);
    writeProgram(directory, { siteStack: "site" });
    const before = site.sandbox.control.journal().length;
    const applied = await run(directory, "apply", "--yes");
    expect({ code: applied.code, stderr: applied.stderr }).toEqual({
      code: 0,
      stderr: expect.not.stringContaining("Dangers"),
    });
    const news = site.sandbox.control.journal().slice(before);
    const writes = news.filter(({ method, path }) => method !== "GET" && !path.endsWith("/graphql"));
    // The provider sends the settings as they are, for a switch of its own.
    expect([...new Set(writes.map(({ method, path }) => `${method} ${path}`))]).toEqual([`PATCH /api/v3${own}`]);
    expect(await run(directory, "plan")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^site: as declared/),
    });
  });
});

test("what there are no words for is named with what to do, and no private value is printed", async () => {
  await site.rest("POST", `${own}/hooks`, { config: { url: "https://hooks.example/canary" }, events: ["push"] });
  await site.rest("POST", `${own}/actions/variables`, { name: "TOKEN", value: "ghp_canary0123456789" });
  await site.rest("PUT", `${own}/environments/QA`, {});
  await site.rest("POST", `${own}/rulesets`, {
    name: "by hand",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/old"], exclude: [] } },
    rules: [{ type: "deletion" }],
  });
  await site.rest("PUT", `${own}/actions/permissions`, { enabled: true, allowed_actions: "all" });
  const { code, stdout, stderr } = await run(folder, ...command, "--json", "--force");
  const { unsaid } = JSON.parse(stdout) as { unsaid: { object: string; reason: string; next: string }[] };
  expect({ code, objects: [...new Set(unsaid.map(({ object }) => object))].sort() }).toEqual({
    code: 2,
    objects: [
      "actions/permissions",
      "environment/QA",
      "ruleset/by hand",
      "variable/TOKEN",
      expect.stringMatching(/^webhook\//),
    ],
  });
  expect(unsaid.every(({ reason, next }) => reason !== "" && next !== "")).toBe(true);
  expect(stdout + stderr).not.toContain("canary");
});
