/** The stack `github`: what must never change, and what each override of the specification changes. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { z } from "zod";
import { configure } from "../../config";
import { hotDash } from "../../config/hotdash";
import type { Overrides } from "../../config/override";
import { GithubStack } from "../../constructs/github/github-stack";
import { github } from "../../stacks/github";

const object = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const stackJson = z.object({
  import: z.array(z.object({ to: z.string(), id: z.string() })),
  provider: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  resource: object,
  data: object,
  locals: z.record(z.string(), z.string()),
  variable: object.or(z.record(z.string(), z.unknown())),
});

function synthesized(overrides: Overrides = {}) {
  const outdir = mkdtempSync(join(tmpdir(), "hotdash-github-"));
  try {
    const app = new App({ outdir });
    github(app, configure(hotDash, overrides));
    app.synth();
    const text = readFileSync(join(outdir, "stacks", "github", "cdk.tf.json"), "utf8");
    const [stack] = app.node.children.filter(GithubStack.isGithubStack);
    if (!stack) throw new Error("there is no stack of GitHub");
    return { text, json: stackJson.parse(JSON.parse(text)), declaration: stack.declaration(), files: stack.files() };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const { text, json, declaration, files } = synthesized();
const resource = (all: ReturnType<typeof synthesized>, type: string, name: string) => {
  const found = all.json.resource[type]?.[name];
  if (!found) throw new Error(`there is no ${type}.${name}`);
  return found;
};

test("has these resources, by the names that a plan shows", () => {
  const addresses = Object.entries(json.resource).flatMap(([type, all]) =>
    Object.keys(all).map((name) => `${type}.${name}`),
  );
  expect(addresses.sort()).toMatchSnapshot();
});

test("takes the repository over and never destroys it", () => {
  expect(json.import).toEqual([{ to: "github_repository.repository", id: "hotdash" }]);
  expect(resource(synthesized(), "github_repository", "repository")).toMatchObject({
    archive_on_destroy: true,
    lifecycle: { prevent_destroy: true },
    allow_merge_commit: false,
    security_and_analysis: {
      secret_scanning: { status: "enabled" },
      secret_scanning_push_protection: { status: "enabled" },
    },
  });
  expect(text).not.toContain("auto_init");
});

test("names the owner to the provider and no token, no address", () => {
  expect(json.provider.github).toEqual([{ owner: "hotdash", write_delay_ms: `\${var.github_write_delay_ms}` }]);
});

test("puts no secret into the state: there is no resource of a secret, and no file", () => {
  const types = Object.keys(json.resource).join(" ");
  expect(types).not.toMatch(/secret|webhook|repository_file/);
  expect(Object.values(json.data.github_rest_api ?? {}).map(({ endpoint }) => endpoint)).not.toContainEqual(
    expect.stringMatching(/^repos\/hotdash\/hotdash$|full_name\}$|hooks/),
  );
});

test("makes protection before everything else of the repository, and the gate last", () => {
  const protection = ["merge_policy", "history", "tags"].map((name) => `github_repository_ruleset.ruleset_${name}`);
  for (const [type, name] of [
    ["github_issue_labels", "labels"],
    ["github_repository_environment", "environment_production"],
    ["github_actions_repository_permissions", "actions"],
    ["github_branch_default", "default_branch"],
  ] as const) {
    expect(resource(synthesized(), type, name).depends_on).toEqual(protection);
  }
  expect(resource(synthesized(), "terraform_data", "drift_gate").depends_on).toEqual(
    expect.arrayContaining([...protection, "null_resource.read_back", "github_issue_labels.labels"]),
  );
});

test("pins each of the twelve checks to GitHub Actions, and lets the break-glass team alone bypass", () => {
  const ruleset = resource(synthesized(), "github_repository_ruleset", "ruleset_merge_policy");
  const { required_check: checks } = z
    .object({ required_status_checks: z.object({ required_check: z.array(z.record(z.string(), z.unknown())) }) })
    .parse(ruleset.rules).required_status_checks;
  expect(checks).toHaveLength(12);
  expect(new Set(checks.map(({ integration_id }) => integration_id))).toEqual(new Set([15_368]));
  expect(ruleset.bypass_actors).toEqual([expect.objectContaining({ actor_type: "Team", bypass_mode: "always" })]);
});

test("tells infra how the repository is to be and what is undecided, and writes the repository's files", () => {
  expect(declaration).toMatchObject({
    github: { owner: "hotdash", name: "hotdash", mechanism: "ruleset" },
    undecided: [{ id: "config/release-approvers" }],
  });
  expect([...files.keys()]).toEqual([".github/CODEOWNERS", "repo-config/branch_protection.md"]);
});

test.each(["CODEOWNERS", "branch_protection.md"])("file %s", (name) => {
  const [, file] = [...files].find(([path]) => path.endsWith(name)) ?? [];
  expect(file?.text).toMatchSnapshot();
});

test.each<[keyof Overrides & string, Overrides, (all: ReturnType<typeof synthesized>) => unknown, unknown]>([
  [
    "protection.mechanism",
    { "protection.mechanism": "classic" },
    ({ json: { resource: all } }) => [
      Object.keys(all.github_branch_protection ?? {}),
      Object.keys(all.github_repository_ruleset ?? {}),
    ],
    [["branch_rule"], ["ruleset_tags"]],
  ],
  [
    "checks.required",
    { "checks.required": ["Docs Policy", "Danger", "Gitleaks", "AI Config Validation"] },
    (all) => requiredChecks(all),
    ["Docs Policy", "Danger", "Gitleaks", "AI Config Validation"],
  ],
  ["checks.lint", { "checks.lint": "reported" }, (all) => requiredChecks(all).includes("lint"), false],
  [
    "staging.branches",
    { "staging.branches": ["main"] },
    ({ json: { resource: all } }) =>
      Object.keys(all.github_repository_environment_deployment_policy ?? {}).filter((name) => name.includes("staging")),
    ["environment_staging_branch_main"],
  ],
  [
    "release.approvers",
    { "release.approvers": ["octocat", "team/release"] },
    (all) => [
      resource(all, "github_repository_environment", "environment_production").dynamic,
      all.declaration.undecided,
    ],
    [
      {
        reviewers: {
          for_each: expect.stringContaining("? [1] : []"),
          content: {
            users: [expect.stringContaining("user_octocat")],
            teams: [expect.stringContaining("team_release")],
          },
        },
      },
      undefined,
    ],
  ],
  [
    "secrets.rotation_days",
    { "secrets.rotation_days": 180 },
    ({ json: { locals } }) => locals.old_secrets?.includes(`"${180 * 24}h"`),
    true,
  ],
  ["repository.name", { "repository.name": "shop" }, ({ json: { import: all } }) => all[0]?.id, "shop"],
])("override %s", (_key, overrides, look, expected) => {
  expect(look(synthesized(overrides))).toEqual(expected);
});

function requiredChecks(all: ReturnType<typeof synthesized>): string[] {
  const { rules } = resource(all, "github_repository_ruleset", "ruleset_merge_policy");
  const schema = z.object({
    required_status_checks: z.object({ required_check: z.array(z.object({ context: z.string() })) }),
  });
  return schema.parse(rules).required_status_checks.required_check.map(({ context }) => context);
}
