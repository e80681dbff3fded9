/** An override from its opening to its end: on the record, in force, told by drift, and put back. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSite, own, type Site } from "./support/site";

let site: Site;
beforeEach(async () => {
  site = await createSite();
});
afterEach(() => site.close());

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly body: string;
  readonly labels: readonly { readonly name: string }[];
}

const open = ["override", "open", "lint", "--reason", "the registry | is -->\ndown", "--for", "30m"];
const file = { message: "straight", content: "aGk=" };
const issues = () => site.rest("GET", `${own}/issues?state=all`) as Promise<Issue[]>;
const members = async () =>
  ((await site.rest("GET", "/orgs/hotdash/teams/break-glass/members")) as { login: string }[]).map(
    ({ login }) => login,
  );

/** A notifier that keeps what it was told. */
function installNotifier(exitCode: number): void {
  const folder = join(site.directory, "scripts", "ops");
  mkdirSync(folder, { recursive: true });
  const program = `console.log("sent: " + process.argv.slice(2).join(" ") + " " + process.env.NOTICE_REASON);process.exitCode = ${exitCode};\n`;
  writeFileSync(join(folder, "notify.mjs"), program);
}

test("lifts a rule for one person and puts it back, each on the record", async () => {
  await expect(site.rest("PUT", `${own}/contents/a.txt`, file)).rejects.toThrow(/409.*rule violations/s);
  installNotifier(0);

  const opened = await site.infra(open);
  expect(opened).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^hotdash-owner may step over "lint" until /),
  });
  expect(opened.stderr).toMatch(
    /sent: --kind override --summary Override of lint in hotdash\/hotdash by hotdash-owner/,
  );
  expect(await members()).toEqual(["hotdash-owner"]);
  const [issue] = await issues();
  expect(issue).toMatchObject({
    title: "Override of lint by hotdash-owner",
    state: "open",
    labels: [{ name: "incident" }],
  });
  expect(issue?.body).toContain("Reason: the registry | is --> down");

  await site.rest("PUT", `${own}/contents/a.txt`, file);
  const listed = await site.infra(["override", "list"]);
  expect(listed).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("because: the registry | is --> down (https://"),
  });
  const drift = await site.infra(["drift"]);
  expect(drift.code).toBe(2);
  expect(drift.stdout).toMatch(
    /override\/lint +is open: hotdash-owner may step over it, from .* because: the registry/,
  );
  expect(drift.stdout).toMatch(
    /Rules were bypassed once within a week\n +.*: hotdash-owner pushed [0-9a-f]{12} to refs\/heads\/main/,
  );

  const closed = await site.infra(["override", "close"]);
  expect(closed.code).toBe(0);
  expect(closed.stdout).toMatch(/^"lint" binds hotdash-owner again\..*\n {2}.*hotdash-owner pushed [0-9a-f]{12}/);
  expect(await members()).toEqual([]);
  expect((await issues())[0]).toMatchObject({ state: "closed" });
  const [comment] = (await site.rest("GET", `${own}/issues/1/comments`)) as { body: string }[];
  expect(comment?.body).toMatch(/^Closed: the rule binds again\.\n\n- .*hotdash-owner pushed/);
  await expect(site.rest("PUT", `${own}/contents/b.txt`, file)).rejects.toThrow("409");
  const after = await site.infra(["drift", "--json"]);
  expect(JSON.parse(after.stdout).stacks[0].findings).toEqual([]);
  expect(await site.infra(["override", "list"])).toMatchObject({ code: 0, stdout: "No override is open.\n" });
});

test("an override whose time is over is still drift, and closes by itself among the expired", async () => {
  await site.infra(open);
  const [issue] = await issues();
  const body = issue?.body.replace(/"until":"[^"]+"/, '"until":"2020-01-01T00:00:00.000Z"');
  await site.rest("PATCH", `${own}/issues/1`, { body });
  await site.infra(["override", "open", "build", "--reason", "no runner", "--as", "hotdash-dev"]);
  const drift = await site.infra(["drift"]);
  expect(drift).toMatchObject({ code: 2, stdout: expect.stringMatching(/override\/lint +expired: hotdash-owner/) });

  const closed = await site.infra(["override", "close", "--expired"]);
  expect(closed.stdout).toMatch(/^"lint" binds hotdash-owner again/);
  expect(closed.stdout).not.toContain('"build"');
  expect(await members()).toEqual(["hotdash-dev"]);
});

test("who has two overrides stays in the team until both are closed", async () => {
  await site.infra(open);
  await site.infra(["override", "open", "build", "--reason", "no runner"]);
  await site.infra(["override", "close", "lint"]);
  expect(await members()).toEqual(["hotdash-owner"]);
  await site.infra(["override", "close", "build"]);
  expect(await members()).toEqual([]);
});

test("under classic protection administrators are let through, and bound again", async () => {
  const classic = { ...site.wanted, mechanism: "classic" as const, rulesets: [], branch_rule: classicRule() };
  site.declare(classic);
  const bound = async () =>
    ((await site.rest("GET", `${own}/branches/main/protection`)) as { enforce_admins: { enabled: boolean } })
      .enforce_admins.enabled;
  await site.rest("PUT", `${own}/branches/main/protection`, {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  expect(await site.infra(open)).toMatchObject({ code: 0 });
  expect(await bound()).toBe(false);
  await site.infra(["override", "close"]);
  expect(await bound()).toBe(true);
});

function classicRule() {
  return {
    pattern: "main",
    enforce_admins: true,
    required_linear_history: true,
    required_conversation_resolution: true,
    allow_force_pushes: false,
    allow_deletions: false,
    required_status_checks: { strict: true, contexts: ["lint"] },
    required_pull_request_reviews: {
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      require_last_push_approval: false,
      required_approving_review_count: 1,
      bypass_pull_request_allowances: { teams: [] },
    },
  };
}

test("a notice that reaches nobody ends in 1, with the override open and that said", async () => {
  installNotifier(1);
  const { code, stdout } = await site.infra(open);
  expect({ code, members: await members() }).toEqual({ code: 1, members: ["hotdash-owner"] });
  expect(stdout).toContain("may step over");
});

test("a lift that GitHub refuses leaves nothing open: the record says so and is closed", async () => {
  site.sandbox.control.setFaults([
    { match: { method: "PUT", path: "/memberships/" }, effect: { status: 403, body: { message: "No." } } },
  ]);
  const { code, stderr } = await site.infra(open);
  expect({ code, members: await members() }).toEqual({ code: 1, members: [] });
  expect(stderr).toContain("[github/forbidden]");
  expect((await issues())[0]).toMatchObject({ state: "closed" });
});

const refused: readonly (readonly [what: string, argv: readonly string[], env: NodeJS.ProcessEnv, id: string])[] = [
  ["a rule that does not exist", ["nonsense", "--reason", "x"], {}, "github/override-rule"],
  ["no reason", ["lint"], {}, "github/override-reason"],
  ["a time that is none", ["lint", "--reason", "x", "--for", "soon"], {}, "github/override-time"],
  ["more than a day", ["lint", "--reason", "x", "--for", "25h"], {}, "github/override-time"],
  ["a token that is nobody's", ["lint", "--reason", "x"], { GITHUB_TOKEN: "ghs_sandbox_infra" }, "github/override-who"],
  ["no token", ["lint", "--reason", "x"], { GITHUB_TOKEN: "" }, "github/no-token"],
];

test.each(refused)("refuses %s, and changes nothing", async (_what, argv, env, id) => {
  const { code, stderr } = await site.infra(["override", "open", ...argv], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`[${id}]`) });
  expect({ issues: await issues(), members: await members() }).toEqual({ issues: [], members: [] });
});
