/** Tokens, repositories and days on which GitHub does not answer: each a clear error, and never taken for a difference. */
import type { Fault } from "../../sandbox/fault";
import { createSite, own, type Site } from "./support/site";

let site: Site;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());
afterEach(() => {
  site.sandbox.control.setFaults([]);
  site.declare(site.wanted);
});

interface Row {
  readonly what: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly faults?: readonly Fault[];
  readonly before?: () => unknown;
  /** Which troubles are told, whole or in part. */
  readonly says: RegExp;
}

const graphql = { method: "POST", path: "/graphql" };
const partial = { data: { repository: {}, viewer: { login: "x" } }, errors: [{ message: "Something went wrong" }] };

const rows: readonly Row[] = [
  { what: "no token", env: { GITHUB_TOKEN: "" }, says: /Could not audit hotdash\/hotdash[\s\S]*\[github\/no-token\]/ },
  {
    what: "a token that is not valid",
    env: { GITHUB_TOKEN: "ghp_canary" },
    says: /answered 401 .*\(request \S+\): Bad credentials\. .*\[github\/unauthorized\]/,
  },
  {
    what: "a classic token without the scope repo",
    env: { GITHUB_TOKEN: "ghp_sandbox_noscope" },
    says: /Could not read the repository of hotdash\/hotdash\n.*may not see it.*\[github\/not-found\]/,
  },
  {
    what: "a token that may read and not write, part by part",
    env: { GITHUB_TOKEN: "github_pat_sandbox_read" },
    says: /Could not read the settings .*\n.*lacks the permission contents=write[\s\S]*who may bypass the ruleset "merge policy": GitHub leaves it out .*administration=write.*\[github\/hidden\]/,
  },
  {
    what: "the token of somebody who is no administrator",
    env: { GITHUB_TOKEN: "ghp_sandbox_dev" },
    says: /Could not read the webhooks of hotdash\/hotdash\n/,
  },
  {
    what: "a repository that does not exist",
    before: () => site.declare({ ...site.wanted, name: "nothing" }),
    says: /Could not read the repository of hotdash\/nothing\n/,
  },
  {
    what: "plain http to another machine",
    env: { GITHUB_BASE_URL: "http://github.example/" },
    says: /plain http to another machine.*\[github\/address\]/,
  },
  {
    what: "an address with the path that is added to it",
    env: { GITHUB_BASE_URL: "https://github.example/api/v3/" },
    says: /ends in \/api\/v3, which is added to it\. Set it to https:\/\/github\.example\/ \[github\/address\]/,
  },
  {
    what: "GitHub that does not listen",
    env: { GITHUB_BASE_URL: "http://127.0.0.1:9/" },
    says: /gave no answer to GET .*\[github\/unreachable\]/,
  },
  {
    what: "one list that fails, beside the others",
    faults: [{ match: { path: "/hooks" }, effect: { status: 500 } }],
    says: /Could not read the webhooks .*\n.*answered 500 .*githubstatus\.com.*\[github\/unavailable\]/,
  },
  {
    what: "an answer that is none",
    faults: [{ match: { path: "/labels" }, effect: { garbage: true } }],
    says: /Could not read the labels .*\n.*\[github\/malformed\]/,
  },
  {
    what: "a GraphQL answer in part, which is not used",
    faults: [{ match: graphql, effect: { status: 200, body: partial } }],
    says: /Could not read classic branch protection .*\n.*Something went wrong.*\[github\/partial\]/,
  },
  {
    what: "a limit that lasts longer than we wait",
    faults: [{ match: { path: "/keys" }, effect: { secondary_limit_s: 3600 } }],
    says: /Could not read the deploy keys .*\n.*Run this again in 3600 s\. \[github\/rate-limited\]/,
  },
];

test.each(rows)("drift tells $what", async ({ env = {}, faults = [], before, says }) => {
  before?.();
  site.sandbox.control.setFaults(faults);
  const { code, stdout, stderr } = await site.infra(["drift"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(says) });
  expect(stdout).not.toMatch(/Drift: |canary/);
  expect(stderr).not.toMatch(/ at .*\.ts|canary/);
});

test("a plan without a token is an error of its own stack, told in words", async () => {
  const { code, stdout } = await site.infra(["plan"], { env: { GITHUB_TOKEN: "" } });
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/github: could not be read in full[\s\S]*\[github\/no-token\]/),
  });
});

test("what differs is told beside what could not be read", async () => {
  await site.rest("PATCH", own, { has_wiki: true });
  site.sandbox.control.setFaults([{ match: { path: "/hooks" }, effect: { status: 403, body: { message: "No." } } }]);
  const { code, stdout } = await site.infra(["drift"]);
  await site.rest("PATCH", own, { has_wiki: false });
  expect(code).toBe(1);
  expect(stdout).toMatch(/repository has_wiki +is true, declared false[\s\S]*Could not read the webhooks/);
});

test("a limit that ends soon is waited for, and a passing failure is asked again", async () => {
  site.sandbox.control.setFaults([
    { match: { path: "/keys" }, times: 1, effect: { secondary_limit_s: 0 } },
    { match: { path: "/labels" }, times: 1, effect: { cut: "before" } },
  ]);
  expect(await site.infra(["drift"])).toMatchObject({ code: 0 });
});

test("a repository that was renamed is told by its new name", async () => {
  await site.rest("PATCH", own, { name: "renamed" });
  const { code, stdout } = await site.infra(["drift"]);
  await site.rest("PATCH", "/repos/hotdash/renamed", { name: "hotdash" });
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/hotdash\/hotdash has another name\n.*hotdash\/renamed.*\[github\/moved\]/),
  });
});

test("an archived repository is a difference, and takes no override", async () => {
  await site.rest("PATCH", own, { archived: true });
  const drift = await site.infra(["drift"]);
  const override = await site.infra(["override", "open", "lint", "--reason", "x"]);
  await site.rest("PATCH", own, { archived: false });
  expect(drift).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/repository archived +is true, declared false/),
  });
  expect(override).toMatchObject({ code: 1, stderr: expect.stringMatching(/Unarchive it.*\[github\/archived\]/) });
});

test.each([
  [
    "reads everything",
    "ghp_sandbox_admin",
    [["ok", /the sandbox at .* accepts it; it is of hotdash-owner, with repo, workflow/]],
  ],
  [
    "reads and writes nothing",
    "github_pat_sandbox_read",
    [
      ["ok", /accepts it/],
      ["warn", /lacks contents=write \(GitHub shows the merge settings to nobody else\)/],
      ["warn", /lacks administration=write \(GitHub shows who may bypass a ruleset to nobody else\)/],
    ],
  ],
  ["is an App's", "ghs_sandbox_infra", [["ok", /it is an App's$/]]],
  ["is not valid", "ghp_canary", [["fail", /answered 401 /]]],
] as const)("the doctor judges a token that %s", async (_what, token, expected) => {
  const { stdout } = await site.infra(["doctor", "--json"], { env: { GITHUB_TOKEN: token } });
  const { examined } = JSON.parse(stdout) as { examined: { name: string; state: string; says: string }[] };
  const found = examined.filter(({ name }) => name === "GitHub token").map(({ state, says }) => [state, says]);
  expect(found).toEqual(expected.map(([state, says]) => [state, expect.stringMatching(says)]));
  expect(stdout).not.toContain("canary");
});
