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
import { infra, type Ran, remove } from "../commands/support/project";
import { createSite, own, owner, type Site } from "./support/site";

const files = {
  ".github/CODEOWNERS": renderCodeOwners(configured),
  ".github/workflows/old.yml": "on: push\njobs: {}\n",
};

let site: Site;
let folder: string;

beforeAll(async () => {
  const { github } = defaultSeed;
  const repositories = (github?.repositories ?? []).map((one) => ({ ...one, files }));
  site = await createSite({}, { seed: { ...defaultSeed, github: { ...github, repositories } } });
  folder = mkdtempSync(join(tmpdir(), "adopt-"));
});
afterAll(async () => {
  await site.close();
  remove(folder);
});

const adopt = (...argv: string[]): Promise<Ran> =>
  infra(folder, ["adopt", "hotdash/hotdash", "--stack", "site", "--out", ".", ...argv], {
    env: { GITHUB_BASE_URL: `${site.url}/`, GITHUB_TOKEN: owner, GH_TOKEN: "" },
  });

const adopted = () => {
  const github = createGithubReader({ ...githubAddressFrom({ GITHUB_BASE_URL: `${site.url}/` }), token: owner });
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
  const { shape, unsaid } = await adopted();
  expect(unsaid).toEqual([]);
  expect(governance(shape)).toEqual(governance(plain(configured)));
  expect(shape.codeOwners).toEqual(configured.codeOwners);
});

test("the file is one that the compiler and the linter of this repository read", async () => {
  const text = repositoryStackFile(await adopted(), { stack: "site", library: "../../../index" });
  expect(text).toBe(readFileSync(join(__dirname, "adopted", "site.ts"), "utf8"));
});

test("the command writes it and says what comes next", async () => {
  const { code, stdout, stderr } = await adopt();
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("site.ts  written: repository hotdash/hotdash"),
  });
  expect(stdout).toContain('ignored: ["old.yml"]');
  expect(stderr).toContain('import { siteStack } from "./site"');
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
  const { code, stdout, stderr } = await adopt("--json", "--force");
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
