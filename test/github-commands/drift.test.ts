/** What `infra drift` sees of a repository that no plan of Terraform's can, and what it cannot read. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSite, own, type Site } from "./support/site";

let site: Site;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());

interface Finding {
  readonly kind: string;
  readonly address: string;
  readonly path: string;
  readonly text: string;
}

/** What one run found, as "kind path text". */
async function found(env: NodeJS.ProcessEnv = {}) {
  const { code, stdout } = await site.infra(["drift", "--json"], { env });
  const [stack] = (
    JSON.parse(stdout) as {
      stacks: [{ findings: Finding[]; troubles: { severity: string; summary: string; detail: string }[] }];
    }
  ).stacks;
  const findings = stack.findings.map(({ kind, path, text }) => `${kind} ${path} ${text}`);
  return { code, findings, troubles: stack.troubles };
}

const rest = (method: string, path: string, body?: object) => site.rest(method, own + path, body);

async function idOf(ruleset: string): Promise<number> {
  const all = (await rest("GET", "/rulesets")) as { id: number; name: string }[];
  return all.find(({ name }) => name === ruleset)?.id ?? 0;
}

/** Changes a ruleset as it stands, and returns how to put it back. */
async function changeRuleset(name: string, change: (ruleset: Ruleset) => object): Promise<() => Promise<unknown>> {
  const path = `/rulesets/${await idOf(name)}`;
  const before = (await rest("GET", path)) as Ruleset;
  await rest("PUT", path, change(before));
  return () => rest("PUT", path, before);
}

interface Ruleset {
  readonly bypass_actors: readonly object[];
  readonly rules: readonly { readonly type: string; readonly parameters?: Readonly<Record<string, unknown>> }[];
}

/** Changes one object and returns how to put it back. */
const put = async (path: string, body: object, before: object) => {
  await rest("PUT", path, body);
  return () => rest("PUT", path, before);
};
const settings = async (body: object, before: object) => {
  await rest("PATCH", "", body);
  return () => rest("PATCH", "", before);
};
const added = async (path: string, body: object, key = "id") => {
  const made = (await rest("POST", path, body)) as Record<string, unknown>;
  return () => rest("DELETE", `${path}/${made[key] ?? ""}`);
};
const policy = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } };
const deployKey = { title: "stray", key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEn0", read_only: false };

/** What somebody does, and what is told of it. */
const table: readonly (readonly [what: string, tamper: () => Promise<() => Promise<unknown>>, told: RegExp])[] = [
  [
    "a merge method",
    () => settings({ allow_merge_commit: true }, { allow_merge_commit: false }),
    /^field repository allow_merge_commit is true, declared false$/,
  ],
  [
    "the description",
    () => settings({ description: "x" }, { description: "HotDash" }),
    /^field repository description is "x", declared "HotDash"$/,
  ],
  [
    "push protection",
    () =>
      settings(
        { security_and_analysis: { secret_scanning_push_protection: { status: "disabled" } } },
        { security_and_analysis: { secret_scanning_push_protection: { status: "enabled" } } },
      ),
    /^field repository security_and_analysis.secret_scanning_push_protection.status is "disabled", declared "enabled"$/,
  ],
  [
    "vulnerability alerts",
    async () => {
      repositoryRow().vulnerabilityAlerts = false;
      return () => rest("PUT", "/vulnerability-alerts");
    },
    /^field repository vulnerability_alerts is false, declared true$/,
  ],
  [
    "Dependabot's updates",
    async () => {
      await rest("DELETE", "/automated-security-fixes");
      return () => rest("PUT", "/automated-security-fixes");
    },
    /^field repository automated_security_fixes is false, declared true$/,
  ],
  [
    "a secret that is gone",
    async () => {
      const { secrets } = repositoryRow();
      const before = secrets.get("FLY_API_TOKEN");
      await rest("DELETE", "/actions/secrets/FLY_API_TOKEN");
      return async () => before && secrets.set("FLY_API_TOKEN", before);
    },
    /^missing secret\/FLY_API_TOKEN is missing; give it: gh secret set FLY_API_TOKEN$/,
  ],
  [
    "a secret of an environment that nobody declared",
    async () => {
      const secrets = repositoryRow().environments.get("production")?.secrets;
      secrets?.set("OLD", { name: "OLD", createdAt: Date.now(), updatedAt: Date.now() });
      return async () => secrets?.delete("OLD");
    },
    /^undeclared secret\/production\/OLD nobody declared it; remove it: gh secret delete OLD --env production$/,
  ],
  [
    "a secret that is too old",
    async () => {
      const secret = repositoryRow().secrets.get("SUPABASE_URL");
      const before = secret?.updatedAt ?? 0;
      Object.assign(secret ?? {}, { updatedAt: before - 100 * 24 * 60 * 60 * 1000 });
      return async () => Object.assign(secret ?? {}, { updatedAt: before });
    },
    /^field secret\/SUPABASE_URL age_days is 100 days old, and 90 are allowed; make a new value: gh secret set SUPABASE_URL$/,
  ],
  [
    "a ruleset that is switched off",
    () => changeRuleset("history", (before) => ({ ...before, enforcement: "disabled" })),
    /^field ruleset\/history enforcement is "disabled", declared "active"$/,
  ],
  [
    "a rule that is taken out",
    () =>
      changeRuleset("history", (before) => ({
        ...before,
        rules: before.rules.filter(({ type }) => type !== "non_fast_forward"),
      })),
    /^field ruleset\/history rules.non_fast_forward is missing$/,
  ],
  [
    "a required check that any app may report",
    () =>
      changeRuleset("merge policy", (before) => ({
        ...before,
        rules: before.rules.map((rule) => {
          const checks = rule.parameters?.required_status_checks as { context: string }[] | undefined;
          const required_status_checks = checks?.map((one) => (one.context === "lint" ? { context: "lint" } : one));
          return checks ? { ...rule, parameters: { ...rule.parameters, required_status_checks } } : rule;
        }),
      })),
    /^field ruleset\/merge policy rules.required_status_checks.checks.lint is "any app", declared "app 15368"$/,
  ],
  [
    "fewer approvals",
    () =>
      changeRuleset("merge policy", (before) => ({
        ...before,
        rules: before.rules.map((rule) =>
          rule.type === "pull_request"
            ? { ...rule, parameters: { ...rule.parameters, required_approving_review_count: 2 } }
            : rule,
        ),
      })),
    /^field ruleset\/merge policy rules.pull_request.required_approving_review_count is 2, declared 1$/,
  ],
  [
    "one merge method less, which the provider cannot see",
    () =>
      changeRuleset("merge policy", (before) => ({
        ...before,
        rules: before.rules.map((rule) =>
          rule.type === "pull_request"
            ? { ...rule, parameters: { ...rule.parameters, allowed_merge_methods: ["squash"] } }
            : rule,
        ),
      })),
    /^field ruleset\/merge policy rules.pull_request.allowed_merge_methods is \["squash"\], which nobody declared$/,
  ],
  [
    "administrators who may step over a ruleset",
    () =>
      changeRuleset("history", (before) => ({
        ...before,
        bypass_actors: [...before.bypass_actors, { actor_type: "OrganizationAdmin", bypass_mode: "always" }],
      })),
    /^field ruleset\/history bypass_actors.OrganizationAdmin is "always", which nobody declared$/,
  ],
  [
    "a ruleset beside ours",
    () =>
      added("/rulesets", {
        name: "stray",
        enforcement: "disabled",
        conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
        rules: [],
      }),
    /^undeclared ruleset\/stray nobody declared it \(disabled\); remove it: gh api -X DELETE repos\/hotdash\/hotdash\/rulesets\/\d+$/,
  ],
  [
    "classic protection beside rulesets",
    async () => {
      const body = {
        required_status_checks: null,
        enforce_admins: true,
        required_pull_request_reviews: null,
        restrictions: null,
      };
      await rest("PUT", "/branches/main/protection", body);
      return () => rest("DELETE", "/branches/main/protection");
    },
    /^undeclared branch_protection\/main nobody declared it \(rulesets protect this branch, and never both do\)/,
  ],
  [
    "reviewers of an environment",
    () =>
      put(
        "/environments/production",
        { ...policy, can_admins_bypass: false, reviewers: [{ type: "User", id: userId() }] },
        { ...policy, can_admins_bypass: false },
      ),
    /^field environment\/production reviewers\[0\] is "hotdash-dev", which nobody declared$/,
  ],
  [
    "a branch that may deploy",
    () => added("/environments/production/deployment-branch-policies", { name: "evil/*", type: "branch" }),
    /^field environment\/production branches\[0\] is "evil\/\*", which nobody declared$/,
  ],
  [
    "an environment beside ours",
    async () => {
      await rest("PUT", "/environments/stray", {});
      return () => rest("DELETE", "/environments/stray");
    },
    /^undeclared environment\/stray nobody declared it/,
  ],
  [
    "actions that are not pinned",
    () =>
      put(
        "/actions/permissions",
        { enabled: true, allowed_actions: "selected", sha_pinning_required: false },
        { enabled: true, allowed_actions: "selected", sha_pinning_required: true },
      ),
    /^field actions\/permissions sha_pinning_required is false, declared true$/,
  ],
  [
    "any verified action",
    () => put("/actions/permissions/selected-actions", { verified_allowed: true }, { verified_allowed: false }),
    /^field actions\/selected verified_allowed is true, declared false$/,
  ],
  [
    "a token that may write",
    () =>
      put(
        "/actions/permissions/workflow",
        { default_workflow_permissions: "write" },
        { default_workflow_permissions: "read" },
      ),
    /^field actions\/workflow default_workflow_permissions is "write", declared "read"$/,
  ],
  [
    "a variable",
    () =>
      added("/actions/variables", { name: "STRAY", value: "1" }).then(
        () => () => rest("DELETE", "/actions/variables/STRAY"),
      ),
    /^undeclared variable\/STRAY nobody declared it; remove it: gh variable delete STRAY$/,
  ],
  [
    "a label",
    () => added("/labels", { name: "stray" }, "name"),
    /^undeclared label\/stray nobody declared it; apply removes it$/,
  ],
  [
    "a webhook, of which only the host is told",
    () => added("/hooks", { config: { url: "https://evil.example/canary-in-a-path" } }),
    /^undeclared webhook\/\d+ nobody declared it \(to evil\.example\); remove it: gh api -X DELETE repos\/hotdash\/hotdash\/hooks\/\d+$/,
  ],
  [
    "a deploy key",
    () => added("/keys", deployKey),
    /^undeclared deploy_key\/\d+ nobody declared it \("stray", may write\)/,
  ],
  [
    "an autolink",
    () => added("/autolinks", { key_prefix: "J-", url_template: "https://j.example/<num>", is_alphanumeric: true }),
    /^undeclared autolink\/\d+ nobody declared it \(J-\)/,
  ],
  [
    "somebody in the break-glass team",
    async () => {
      const path = "/orgs/hotdash/teams/break-glass/memberships/hotdash-dev";
      await site.rest("PUT", path, {});
      return () => site.rest("DELETE", path);
    },
    /^undeclared team\/break-glass hotdash-dev may step over every rule, and no override is recorded; remove: gh api -X DELETE/,
  ],
];

function repositoryRow() {
  const row = site.sandbox.control.state().github.repositories.get("hotdash/hotdash");
  if (!row) throw new Error("the sandbox has no repository hotdash/hotdash");
  return row;
}

function userId(): number {
  return site.sandbox.control.state().github.users.get("hotdash-dev")?.id ?? 0;
}

test("a repository that is as declared is no drift", async () => {
  expect(await found()).toEqual({ code: 0, findings: [], troubles: [] });
});

test.each(table)("sees %s, and nothing else", async (_what, tamper, told) => {
  const undo = await tamper();
  const { code, findings, troubles } = await found();
  await undo();
  expect(findings).toEqual([expect.stringMatching(told)]);
  expect({ code, troubles }).toEqual({ code: 2, troubles: [] });
  expect(findings.join("\n")).not.toContain("canary");
});

test("once all of it is put back, nothing is left to tell", async () => {
  expect(await found()).toEqual({ code: 0, findings: [], troubles: [] });
});

test("a finding is let be by its id, in a file that is read from then on, and every face tells it", async () => {
  const undo = await added("/labels", { name: "stray" }, "name");
  const undoOther = await added("/labels", { name: "other" }, "name");
  const file = (name: string) => readFileSync(join(site.directory, name), "utf8");
  const differing = await site.infra(["drift", "--json", "--issue"]);
  expect(differing.stderr).toMatch(/^github: issue \S+\/issues\/\d+ opened$/m);
  const first = JSON.parse(differing.stdout);
  const ids = first.stacks[0].findings.map(({ id }: { id: string }) => id);
  expect(first.stacks[0].findings[0].origin).toMatchObject({
    by: "hotdash-owner",
    source: expect.stringMatching(/label/),
  });
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const why = ["--until", until, "--owner", "ann", "--reason", "a trial"];

  const unknown = await site.infra(["drift", "--ignore", "00000000", ...why]);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("[infra/drift-finding]") });
  expect(existsSync(join(site.directory, "drift-ignore.yaml"))).toBe(false);

  const done = await site.infra([
    "drift",
    "--ignore",
    ids[0],
    "--known",
    ids[1],
    ...why,
    "--html",
    "r/gaps.html",
    "--markdown",
    "r/gaps.md",
    "--issue",
  ]);
  expect(done.stderr).toMatch(/^github: issue \S+ closed$/m);
  expect(done.code).toBe(0);
  expect(done.stdout).toMatch(/^github +\d+ +0 +0 +as declared/m);
  expect(done.stdout).toMatch(/Let be by drift-ignore.yaml: 2 differences[\s\S]*known, to be repaired by/);
  expect(file("r/gaps.html")).toContain("Let be by drift-ignore.yaml (2)");
  expect(file("r/gaps.md")).toMatch(
    /Summary: 2 of 2 pass; every check passes\.[\s\S]*\| `github` \| as declared \| 0 \| 0 \| 2 \|/,
  );

  await undo();
  await undoOther();
  const after = JSON.parse((await site.infra(["drift", "--json"])).stdout);
  expect({ code: after.exit_code, unused: after.unusedIgnores.length }).toEqual({ code: 0, unused: 2 });
  rmSync(join(site.directory, "drift-ignore.yaml"));
});

test.each([
  [["--ignore", "1a2b3c4d"], "--reason and --owner and --until is missing"],
  [["--reason", "x"], "--ignore or --known is missing"],
])("drift %j says what is missing before anything is read", async (options, expected) => {
  const { code, stderr } = await site.infra(["drift", ...options]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(expected) });
});
