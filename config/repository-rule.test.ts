import { configure } from ".";
import { hotDash } from "./hotdash";
import { ConfigurationError } from "./problem";
import { undecided } from "./repository-rule";
import type { Configuration } from "./schema";

type Draft<T> = T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;

/** The lines of the problems that a change of HotDash's configuration brings. */
function problemsOf(change: (draft: Draft<Configuration>) => void): string[] {
  const draft = structuredClone(hotDash) as Draft<Configuration>;
  change(draft);
  try {
    configure(draft);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ id, path, text }) => `[${id}] ${path}: ${text}`);
  }
}

const environment = ({ repository }: Draft<Configuration>, name: string) => {
  const found = repository.environments[name];
  if (!found) throw new Error(`no GitHub environment ${name}`);
  return found;
};

test.each<[string, (draft: Draft<Configuration>) => void, string]>([
  [
    "merge commits alone under a linear history",
    ({ repository: { merge } }) => Object.assign(merge, { squash: false, rebase: false, mergeCommit: true }),
    "[github/merge-method] repository.merge: allows merge commits alone, and a linear history refuses them",
  ],
  [
    "no way to merge",
    ({ repository: { merge } }) => Object.assign(merge, { squash: false, rebase: false }),
    "[github/merge-method] repository.merge: allows no way to merge",
  ],
  [
    "a check that is named twice",
    ({ repository: { protection } }) => protection.requiredChecks.push("lint"),
    '[github/check-twice] repository.protection.requiredChecks[12]: "lint" stands there twice',
  ],
  [
    "a code owner from elsewhere",
    ({ repository: { codeOwners } }) => codeOwners.push({ pattern: "*", owners: ["@acme/team"] }),
    '[github/code-owner] repository.codeOwners[3].owners[0]: "@acme/team" is a team of another organization',
  ],
  [
    "a code owner that is none",
    ({ repository: { codeOwners } }) => codeOwners.push({ pattern: "*", owners: ["@a/b/c"] }),
    '"@a/b/c" is neither "@login" nor "@organization/team"',
  ],
  [
    "an App that may write and is not named",
    ({ delivery }) => Object.assign(delivery, { write: "direct" }),
    "[github/writing-app] repository.protection.writingApps: names no App",
  ],
  [
    "an environment of workflows that is not declared",
    ({ environments }) => Object.assign(environments.preview, { githubEnvironment: "previews" }),
    '[github/environment-missing] repository.environments: has no "previews", which environment preview names as its GitHub environment; did you mean "preview"?',
  ],
  [
    "one GitHub environment for previews and production",
    ({ environments }) => Object.assign(environments.preview, { githubEnvironment: "production" }),
    "[github/environment-shared] repository.environments.production: is that of production and of preview",
  ],
  [
    "another branch that could use production's secrets",
    (draft) => environment(draft, "production").branches.push("release/*"),
    '[github/production-branches] repository.environments.production.branches[1]: "release/*" would let a branch that is not protected',
  ],
  [
    "every branch could use production's secrets",
    (draft) => Object.assign(environment(draft, "production"), { branches: [], tags: [] }),
    "[github/production-branches] repository.environments.production.branches: and tags are empty",
  ],
  [
    "a secret of production within reach of pull requests",
    (draft) => environment(draft, "preview").secrets.push("PRODUCTION_DATABASE_URL"),
    "[github/preview-secret]",
  ],
  [
    "a branch that is deployed to staging and not admitted",
    (draft) => draft.delivery.staging.branches.push("hotfix/*"),
    '[github/staging-branches] repository.environments.staging.branches: lacks "hotfix/*"',
  ],
  [
    "a label in two cases",
    ({ repository: { labels } }) => labels.push({ name: "Bug", color: "000000", description: "" }),
    "[github/label-twice]",
  ],
  [
    "push protection that is off",
    ({ repository: { security } }) => Object.assign(security, { pushProtection: false }),
    "[github/push-protection] repository.security.pushProtection: cannot be turned off",
  ],
  [
    "secret scanning that is off",
    ({ repository: { security } }) => Object.assign(security, { secretScanning: false }),
    "[github/secret-scanning] repository.security.secretScanning: cannot be turned off",
  ],
  [
    "seven approvers",
    (draft) => Object.assign(environment(draft, "production"), { approvers: "abcdefg".split("") }),
    "[config/value] repository.environments.production.approvers",
  ],
])("refuses %s", (_what, change, expected) => {
  expect(problemsOf(change)).toEqual([expect.stringContaining(expected)]);
});

test("a value where the name of a secret belongs is refused and not shown", () => {
  const found = problemsOf(({ repository: { secrets } }) => secrets.push("hunter2-canary"));
  expect(found).toEqual([expect.stringContaining("[github/secret-name]")]);
  expect(found.join()).not.toContain("canary");
});

test("HotDash has no problem, and one open decision: who approves a production deployment", () => {
  expect(problemsOf(() => {})).toEqual([]);
  expect(undecided(configure(hotDash)).map(({ id, path }) => `${id} ${path}`)).toEqual([
    "config/release-approvers release.approvers",
  ]);
  expect(undecided(configure(hotDash, { "release.approvers": ["justin"] }))).toEqual([]);
});
