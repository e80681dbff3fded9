/** Who changed a repository and when: from the audit log, and without one from what each object says of itself. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GithubReader } from "../../api/github";
import { githubOrigins } from "../../ops/drift/origin-github";
import { openReader } from "../../ops/github/connect";
import type { Finding } from "../../report/model";
import { createSite, own, type Site } from "./support/site";

let site: Site;
let reader: GithubReader;
beforeAll(async () => {
  site = await createSite();
  mkdirSync(stack().directory, { recursive: true });
  const resource = { github_issue_labels: { all: {} } };
  writeFileSync(join(stack().directory, "cdk.tf.json"), JSON.stringify({ resource }));
  const env = { GITHUB_BASE_URL: `${site.url}/`, GITHUB_TOKEN: "ghp_sandbox_admin" };
  reader = openReader({ env, signal: new AbortController().signal });
  const { id } = ((await site.rest("GET", `${own}/rulesets`)) as { id: number; name: string }[]).find(
    ({ name }) => name === "merge policy",
  ) ?? { id: 0 };
  const before = (await site.rest("GET", `${own}/rulesets/${id}`)) as object;
  await site.rest("PUT", `${own}/rulesets/${id}`, { ...before, enforcement: "evaluate" });
  await site.rest("POST", `${own}/labels`, { name: "stray" });
  await site.rest("POST", `${own}/keys`, { title: "stray", key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEn0" });
  await site.rest("PUT", `${own}/contents/scripts/a.sh`, { message: "Add", content: "YQ==" });
});
afterAll(() => site.close());

const at = (path: string, address = "github:hotdash/hotdash"): Finding => ({
  kind: "field",
  address,
  path,
  text: "is another",
});
const stack = () => ({ name: "github", directory: `${site.directory}/cdktf.out/stacks/github`, dependencies: [] });
const isTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const person = "hotdash-owner";

/** What the audit log tells, and what is left to tell without one. */
const rows: readonly (readonly [finding: Finding, logged: object, unlogged: object])[] = [
  [
    at("ruleset/merge policy enforcement"),
    { since: isTime, by: person, source: "newest in the audit log: repository_ruleset.update" },
    { since: isTime, by: person, source: expect.stringMatching(/^version \d+ of the ruleset$/) },
  ],
  [
    at("ruleset/merge policy", "terraform_data.drift_gate"),
    { since: isTime, by: person, source: "newest in the audit log: repository_ruleset.update" },
    { since: isTime, by: person, source: expect.stringMatching(/^version/) },
  ],
  [
    at("label/stray"),
    { since: isTime, by: person, source: "newest in the audit log: label.create" },
    { since: null, by: null, source: "neither the audit log nor the object says" },
  ],
  [
    at("label[0].name", "github_issue_labels.all"),
    { since: isTime, by: person, source: "newest in the audit log: label.create" },
    { since: null, by: null, source: "neither the audit log nor the object says" },
  ],
  [
    at("label/nobody made it"),
    { since: null, by: null, source: "neither the audit log nor the object says" },
    { since: null, by: null, source: "neither the audit log nor the object says" },
  ],
  [
    at("secret/FLY_API_TOKEN age_days"),
    expect.objectContaining({ since: isTime }),
    { since: isTime, by: null, source: "the object's last change; GitHub does not say whose it was" },
  ],
  [
    at("environment/production branches[0]"),
    expect.objectContaining({ since: isTime, by: person }),
    { since: isTime, by: null, source: "the object's last change; GitHub does not say whose it was" },
  ],
  [
    at("scripts/a.sh"),
    { since: isTime, by: person, source: expect.stringMatching(/^commit [0-9a-f]{12}$/) },
    { since: isTime, by: person, source: expect.stringMatching(/^commit/) },
  ],
];

test.each(rows)("%j", async (finding, logged, unlogged) => {
  expect(await githubOrigins(reader, stack())(finding)).toEqual(logged);
  expect(await githubOrigins(withoutLog(), stack())(finding)).toEqual(unlogged);
});

test("many findings of one ruleset ask as often as one, and a flood of findings ends in unknown", async () => {
  const asked: string[] = [];
  const counting: GithubReader = {
    ...reader,
    get(path) {
      asked.push(path);
      return withoutLog().get(path);
    },
  };
  const origins = githubOrigins(counting, stack());
  await Promise.all(Array.from({ length: 20 }, (_, index) => origins(at(`ruleset/merge policy rules.${index}`))));
  expect(asked).toHaveLength(4);
  const flood = await Promise.all(Array.from({ length: 60 }, (_, index) => origins(at(`variable/V${index}`))));
  expect(asked.length).toBeLessThanOrEqual(12);
  expect(flood.at(-1)).toMatchObject({ since: null, by: null });
});

/** GitHub as it is for an organization whose plan has no audit log. */
const withoutLog = (): GithubReader => ({
  ...reader,
  get: (path) => (path.includes("audit-log") ? Promise.resolve(undefined) : reader.get(path)),
});
