/** The life of a governed repository with the real provider: adopted, empty plan, changed, read back, guarded. */
import type { RepositoryShape } from "../../config/repository-shape";
import type { Seed } from "../../sandbox/seed";
import { defaultSeed } from "../../sandbox/seed";
import { decided, findProviders, type Outcome, openStage, type Stage } from "./support/stage";

const suite = findProviders() ? describe : describe.skip;
const own = "/api/v3/repos/hotdash/hotdash";

/** HotDash's repository with some of its protection changed. */
const protectedBy =
  (change: Partial<RepositoryShape["protection"]>) =>
  (shape: RepositoryShape): RepositoryShape => ({
    ...decided(shape),
    protection: { ...shape.protection, ...change },
  });
const classic = protectedBy({ mechanism: "classic" });

suite("a governed repository (needs terraform and TF_PROVIDER_MIRROR)", () => {
  let stage: Stage;
  let untouched: () => void;
  beforeAll(async () => {
    stage = await openStage({ environments: ["production"] });
    await stage.prepare();
    stage.declare();
    const planned = await stage.plan();
    expect(planned).toMatchObject({ code: 2, output: expect.stringContaining("1 to import") });
    expect(await stage.apply()).toMatchObject({ code: 0 });
    untouched = stage.snapshot();
  });
  beforeEach(() => {
    untouched();
    stage.sandbox.control.setFaults([]);
    stage.sandbox.control.setEtag(false);
    stage.sandbox.control.clearJournal();
    stage.declare();
  });
  afterAll(() => stage.close());

  /** Writes since the journal was cleared, in their order. */
  const writes = () =>
    stage.sandbox.control
      .journal()
      .filter(({ method, path }) => method !== "GET" && path !== "/api/graphql")
      .map(({ method, path }) => `${method} ${path.replace(own, "")}`);

  /** A ruleset as the answer to a write begins. */
  const ruleset = (name: string) => {
    const found = [...stage.row().rulesets.values()].find((one) => one.name === name);
    return { id: found?.id, name, enforcement: "active" };
  };

  test("is taken over as it is, and the next plan is empty", async () => {
    expect(await stage.plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
  });

  test("cannot be destroyed", async () => {
    const { code, output } = await stage.terraform("destroy", "-auto-approve");
    expect(code).toBe(1);
    expect(output).toContain("Instance cannot be destroyed");
    expect(writes()).toEqual([]);
  });

  test("changes in place, and the change is read back", async () => {
    stage.declare(protectedBy({ approvals: 2 }));
    const { code, output } = await stage.apply();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/required_approving_review_count\s+= 1 -> 2/);
    expect(writes()).toEqual([expect.stringMatching(/^PUT \/rulesets\/\d+$/)]);
    expect((await stage.plan()).code).toBe(0);
    stage.declare();
    expect((await stage.apply()).code).toBe(0);
    expect((await stage.plan()).code).toBe(0);
  });

  test("a write that GitHub takes without effect fails the apply, and is read back by the next", async () => {
    stage.declare(protectedBy({ approvals: 2 }));
    stage.sandbox.control.setFaults([
      { match: { method: "PUT", path: "/rulesets/" }, effect: { status: 200, body: ruleset("merge policy") } },
    ]);
    const { code, output } = await stage.apply();
    expect(code).toBe(1);
    expect(flat(output)).toContain(
      "ruleset/merge policy pull_request.required_approving_review_count is 1, declared 2",
    );
    expect(output).toContain("[github/read-back]");
    stage.sandbox.control.setFaults([]);
    expect((await stage.apply()).code).toBe(0);
    expect((await stage.plan()).code).toBe(0);
  });

  test("a failed change that an ETag hides from the provider shows all the same", async () => {
    stage.sandbox.control.setEtag(true);
    await stage.terraform("apply", "-refresh-only", "-auto-approve");
    stage.declare(protectedBy({ linearHistory: false }));
    const body = { message: "Validation Failed" };
    stage.sandbox.control.setFaults([{ match: { method: "PUT", path: "/rulesets/" }, effect: { status: 422, body } }]);
    expect((await stage.apply()).code).toBe(1);
    stage.sandbox.control.setFaults([]);
    const { code, output } = await stage.plan();
    expect(code).toBe(2);
    expect(output).not.toContain("github_repository_ruleset.ruleset_history will");
    expect(output).toMatch(
      /"ruleset\/history"\s+= "rules are deletion, non_fast_forward, required_linear_history, declared deletion, non_fast_forward"/,
    );
    stage.sandbox.control.setEtag(false);
    stage.declare();
    expect((await stage.apply()).code).toBe(0);
  });

  test("goes from rulesets to the classic rule and back without an interval unprotected; each old one goes after the new is read back", async () => {
    const before = await stage.plan();
    expect(before.code).toBe(0);
    stage.declare(classic);
    stage.sandbox.control.clearJournal();
    expect(await stage.apply()).toMatchObject({ code: 0 });
    const there = stage.sandbox.control.journal().map(({ method, path }) => `${method} ${path.replace(own, "")}`);
    const read = there.lastIndexOf("GET /branches/main/protection");
    const gone = there.findIndex((one) => one.startsWith("DELETE /rulesets/"));
    expect(read).toBeGreaterThan(-1);
    expect(gone).toBeGreaterThan(read);
    expect(stage.row().protections.get("main")).toMatchObject({ enforceAdmins: true, reviews: { count: 1 } });
    expect([...stage.row().rulesets.values()].map(({ name }) => name)).toEqual(["tags"]);
    expect((await stage.plan()).code).toBe(0);

    stage.declare();
    expect(await stage.apply()).toMatchObject({ code: 0 });
    expect(stage.row().protections.size).toBe(0);
    expect(stage.row().rulesets.size).toBe(3);
    expect((await stage.plan()).code).toBe(0);
  });

  test("an environment that is declared no longer goes, and is not found undeclared by the same apply", async () => {
    const more = (shape: RepositoryShape) => {
      const { environments, ...rest } = decided(shape);
      const { production } = environments;
      const old = production && { ...production, approvers: [], secrets: [] };
      return { ...rest, environments: { ...environments, ...(old && { old }) } };
    };
    stage.declare(more);
    expect(await stage.apply()).toMatchObject({ code: 0 });
    stage.declare();
    expect(await stage.apply()).toMatchObject({ code: 0 });
    expect((await stage.plan()).code).toBe(0);
  });

  test("an undeclared object may be let be until a day is over, and is told again from then on", async () => {
    stage.row().variables.set("THEIRS", { name: "THEIRS", value: "x", createdAt: 1, updatedAt: 1 });
    const until = (day: string) => (shape: RepositoryShape) => ({
      ...decided(shape),
      ignore: [{ object: "variable/THEIRS", reason: "moves to Fly", until: day }],
    });
    stage.declare(until("2999-12-31"));
    expect((await stage.plan()).code).toBe(0);
    stage.declare(until("2020-01-01"));
    expect(await stage.plan()).toMatchObject({ code: 2, output: expect.stringContaining('"variable/THEIRS"') });
  });

  test("old secrets and bypasses of the last day are warnings, and the exit code stays", async () => {
    const row = stage.row();
    row.secrets.set("FLY_API_TOKEN", { name: "FLY_API_TOKEN", createdAt: 1, updatedAt: 1 });
    const suite = {
      id: 1,
      login: "hotdash-dev",
      ref: "refs/heads/main",
      before: "0",
      after: "1",
      at: Date.now(),
      result: "bypass" as const,
    };
    row.ruleSuites.push(suite);
    const { code, output } = await stage.plan();
    expect(code).toBe(0);
    expect(flat(output)).toContain("older than 90 days: FLY_API_TOKEN.");
    expect(flat(output)).toContain("hotdash-dev on refs/heads/main at");
  });

  test("what nobody has decided is a finding of every plan, and so is what the token may not see", async () => {
    stage.sandbox.control.setFaults([
      { match: { method: "GET", path: "/keys" }, effect: { status: 404, body: { message: "Not Found" } } },
    ]);
    stage.declare(decided, {
      undecided: [
        { where: "the configuration", path: "release.approvers", text: "names nobody", id: "config/release-approvers" },
      ],
    });
    const { code, output } = await stage.plan();
    expect(code).toBe(2);
    expect(output).toMatch(/"unread\/keys"\s+= "was not read.*\[github\/hidden\]"/);
    expect(output).toMatch(/"release\.approvers"\s+= "names nobody \[config\/release-approvers\]"/);
  });

  test.each<[string, (shape: RepositoryShape) => RepositoryShape, string]>([
    ["a break-glass team", protectedBy({ breakGlassTeam: "nobody" }), 'has no team "nobody"'],
    [
      "an approver",
      (shape) => {
        const { production, ...others } = shape.environments;
        if (!production) return shape;
        return { ...shape, environments: { ...others, production: { ...production, approvers: ["no-such-user"] } } };
      },
      "GitHub knows no such user",
    ],
  ])("%s that GitHub does not know ends the plan in words", async (_what, change, words) => {
    stage.declare(change);
    const { code, output } = await stage.plan();
    expect(code).toBe(1);
    expect(flat(output)).toContain(words);
  });

  test("state in a file is for the sandbox: the real GitHub is refused", async () => {
    const body = { id: 1, slug: "break-glass", members_count: 0, url: "https://api.github.com/organizations/1/team/1" };
    const headers = { "x-github-request-id": "1" };
    stage.sandbox.control.setFaults([
      { match: { method: "GET", path: "/teams/break-glass" }, effect: { status: 200, body, headers } },
    ]);
    const { code, output } = await stage.plan();
    expect(code).toBe(1);
    expect(output).toContain("[github/local-state]");
  });

  test("no secret value and no token is in the state or the plan", async () => {
    stage.row().hooks.set(4712, {
      id: 4712,
      url: "https://hooks.example/canary-hook",
      contentType: "json",
      insecureSsl: "0",
      hasSecret: true,
      events: ["push"],
      active: true,
      createdAt: 1,
      updatedAt: 1,
    });
    const planned = await stage.plan();
    await stage.apply();
    const state = await stage.terraform("state", "pull");
    expect(state.code).toBe(0);
    for (const text of [planned.output, state.output]) {
      expect(text).not.toContain("canary");
      expect(text).not.toContain("ghp_sandbox_admin");
      expect(text).not.toContain("temp_clone_token");
    }
  });
});

suite("a private repository on a plan without reviewers (needs terraform and TF_PROVIDER_MIRROR)", () => {
  test("gets everything else, and the plan names the alternative", async () => {
    const stage = await openStage({ seed: onPlan("team"), environments: ["production"] });
    try {
      await stage.prepare();
      Object.assign(stage.row().security, { secret_scanning: "enabled", secret_scanning_push_protection: "enabled" });
      stage.declare();
      const { code, output } = await stage.apply();
      expect(code).toBe(1);
      expect(flat(output)).toContain('set approval of production to "confirmation"');
      expect(output).toContain("[github/reviewers-plan]");
      stage.declare((shape) => {
        const { production, ...others } = decided(shape).environments;
        if (!production) return shape;
        return { ...shape, environments: { ...others, production: { ...production, approval: "confirmation" } } };
      });
      expect(await stage.apply()).toMatchObject({ code: 0 });
      expect((await stage.plan()).code).toBe(0);
    } finally {
      await stage.close();
    }
  });
});

function onPlan(plan: "team"): Seed {
  const { github = {}, ...rest } = defaultSeed;
  const organizations = (github.organizations ?? []).map((one) => ({ ...one, plan }));
  return { ...rest, github: { ...github, organizations } };
}

/** Terraform's output without its line breaks. */
function flat(output: Outcome["output"]): string {
  return output.replace(/\s+/g, " ");
}
