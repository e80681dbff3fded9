/** What `infra plan` and `infra apply` say of a governed repository before anything is changed, and what apply sets over REST. */
import { repository } from "../../config/repository";
import { createSite, own, type Site } from "./support/site";

let site: Site;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());
afterEach(async () => {
  site.sandbox.control.setFaults([]);
  await setPins(true);
});

const setPins = (sha_pinning_required: boolean) =>
  site.rest("PUT", `${own}/actions/permissions`, { enabled: true, allowed_actions: "selected", sha_pinning_required });
const permissions = () => site.rest("GET", `${own}/actions/permissions`);

test("pins of actions are pending in the plan and set by the apply, which changes nothing beside them", async () => {
  await setPins(false);
  const planned = await site.infra(["plan"]);
  expect(planned).toMatchObject({ code: 2 });
  expect(planned.stdout).toMatch(
    /actions\/permissions sha_pinning_required +false -> true; infra apply sets it over REST/,
  );
  expect(await permissions()).toMatchObject({ sha_pinning_required: false });

  const applied = await site.infra(["apply", "--yes"]);
  expect(applied).toMatchObject({ code: 0, stdout: "github: as declared now; 1 resource changed\n" });
  expect(applied.stderr).toContain("github:hotdash/hotdash: sha_pinning_required is true now, set over REST");
  expect(await permissions()).toMatchObject({ enabled: true, allowed_actions: "selected", sha_pinning_required: true });
  expect(await site.infra(["plan"])).toMatchObject({ code: 0 });
});

test("an apply whose setting GitHub refuses says what was not done", async () => {
  await setPins(false);
  const body = { message: "Validation Failed" };
  site.sandbox.control.setFaults([
    { match: { method: "PUT", path: "/actions/permissions" }, effect: { status: 422, body } },
  ]);
  const { code, stdout } = await site.infra(["apply", "--yes"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /github: failed; 0 resources changed[\s\S]*Not applied in full\n.*GitHub answered 422 .*\[github\/refused\]/,
  );
});

/** What is there on GitHub, one after the other, and what the plan says of it then. */
const told: readonly (readonly [what: string, prepare: () => Promise<unknown>, says: RegExp])[] = [
  [
    "that one person alone could not merge",
    () => site.rest("DELETE", `${own}/collaborators/hotdash-dev`),
    /Nobody could approve what one of the team writes\n +A merge needs an approval of somebody else with write access, and only hotdash-owner may write/,
  ],
  [
    "that there are no code owners",
    () => site.rest("PUT", `${own}/collaborators/hotdash-dev`, { permission: "push" }),
    /There is no CODEOWNERS on the default branch\n.*\[github\/merge-owner\]/,
  ],
  [
    "who owns and may not approve",
    () => owners("* @outsider\n"),
    /Nobody could approve changes of \*\n +Its code owners are @outsider, and none of them is a person with write access/,
  ],
  [
    "who owns alone and could not approve a change of their own",
    () => owners("# all\n*  @hotdash/maintainers @hotdash-dev\n/docs/ @hotdash-dev # docs\n"),
    /Nobody could approve changes of \/docs\/ by hotdash-dev/,
  ],
  [
    "which check only another app reports",
    () => report("lint", "success", "ghs_sandbox_infra"),
    /lint \(app 900001 reports it, and only that of app 15368 counts\)/,
  ],
  [
    "which checks nobody has reported",
    () => report("lint", "success"),
    /11 required checks have not reported on main\n +security, build, .*\[github\/merge-check-silent\]/,
  ],
  [
    "which check is red on main today, with the override that postpones it",
    () => report("lint", "failure"),
    /The required check "lint" is red on main today \(failure\)\n.*"checks\.lint" to "reported".*\[github\/merge-check-red\]/,
  ],
  [
    "which gate was cancelled",
    () => report("ci-complete", "cancelled"),
    /The required check "ci-complete" is red on main today \(cancelled\)\n.*"checks\.required"/,
  ],
];

/** A check run at the head of main, by the app of that token. */
async function report(name: string, conclusion: string, token = "ghs_sandbox_actions"): Promise<void> {
  const { object } = (await site.rest("GET", `${own}/git/ref/heads/main`)) as { object: { sha: string } };
  await site.rest("POST", `${own}/check-runs`, { name, head_sha: object.sha, conclusion }, token);
}

/** CODEOWNERS on main, past its rules. */
async function owners(text: string): Promise<void> {
  await site.rest("PUT", "/orgs/hotdash/teams/break-glass/memberships/hotdash-owner", {});
  const path = `${own}/contents/.github/CODEOWNERS`;
  const before = (await site.rest("GET", path).catch(() => undefined)) as { sha: string } | undefined;
  const content = Buffer.from(text).toString("base64");
  await site.rest("PUT", path, { message: "Name owners", content, ...(before && { sha: before.sha }) });
}

test.each(told)("the plan says %s", async (_what, prepare, says) => {
  await prepare();
  const { code, stdout } = await site.infra(["plan"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(says) });
});

test("a team that can merge, with owners and every check green, is warned of nothing", async () => {
  await owners("* @hotdash/maintainers @hotdash-dev\n");
  for (const name of repository.protection.requiredChecks) await report(name, "success");
  expect(await site.infra(["plan"])).toMatchObject({ code: 0, stdout: "github: as declared (0 resources)\n" });
});

test("an apply names what the token lacks before it asks, and changes nothing", async () => {
  await setPins(false);
  const { code, stderr } = await site.infra(["apply", "--yes"], { env: { GITHUB_TOKEN: "github_pat_sandbox_read" } });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /The token for GitHub lacks what github needs: .*contents=write.*administration=write.*Nothing was changed.*\[github\/scope\]/,
  );
  expect(await permissions()).toMatchObject({ sha_pinning_required: false });
});
