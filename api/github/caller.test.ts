import type { Clock } from "../fly/clock";
import { fakeClock, type Scripted, scriptedTransport } from "../fly/fake";
import { githubAddressFrom } from "./address";
import { createGithub, createGithubReader } from "./create-github";
import { GithubError } from "./error";

const token = "ghp_canary0123456789";

/** A client whose requests are answered in order by the script; the last answer is repeated. */
function client(...script: readonly Scripted[]) {
  const { transport, sent } = scriptedTransport(script);
  const clock: Clock & { readonly slept: number[] } = fakeClock();
  const where = { restUrl: "https://api.test", graphqlUrl: "https://api.test/graphql", isLocal: false };
  const github = createGithub({ ...where, token, clock, transport });
  return { github, repository: github.repository("acme", "shop"), sent, slept: clock.slept };
}

async function failure(promise: Promise<unknown>): Promise<GithubError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof GithubError) return error;
  throw new Error(`expected a GithubError, got ${String(error)}`);
}

const ok: Scripted = { status: 200, body: { enabled: true } };
const id = { "x-github-request-id": "AB:1" };
const limit = { message: "You have exceeded a secondary rate limit." };

const refusals: readonly (readonly [Scripted, kind: string, says: RegExp])[] = [
  [
    { status: 401, body: { message: "Bad credentials" }, headers: id },
    "unauthorized",
    /answered 401 to GET \/repos\/acme\/shop\/actions\/permissions \(request AB:1\): Bad credentials\. .*\[github\/unauthorized\]$/,
  ],
  [
    { status: 403, body: { message: "No" }, headers: { "x-accepted-github-permissions": "administration=read" } },
    "forbidden",
    /wants the permission administration=read\. .*doctor \[github\/forbidden\]$/,
  ],
  [
    { status: 403, body: { message: "No" }, headers: { "x-accepted-oauth-scopes": "repo" } },
    "forbidden",
    /wants one of the scopes repo\./,
  ],
  [{ status: 403, body: { message: "Repository was archived so is read-only." } }, "archived", /Unarchive it/],
  [{ status: 301, body: { message: "Moved Permanently" } }, "moved", /another name/],
  [
    {
      status: 409,
      body: { message: "Repository rule violations found\n\nChanges must be made through a pull request.\n\n" },
    },
    "protected",
    /found Changes must be made through a pull request\. The branch takes/,
  ],
  [{ status: 409, body: { message: "Conflict" } }, "conflict", /Plan again/],
  [
    {
      status: 422,
      body: { message: "Validation Failed", errors: ["Name must be unique", { code: "x", message: "Bad" }] },
    },
    "refused",
    /Validation Failed; Name must be unique; Bad\./,
  ],
  [{ status: 404, body: "<html>" }, "not-found", /\(no JSON, 6 bytes\)/],
  [{ status: 200, body: "<html>" }, "malformed", /proxy answers/],
  [{ status: 200, body: { enabled: "yes" } }, "malformed", /enabled is not what this call gives/],
];

test.each(refusals)("says what it means and what to do: %j", async (answer, kind, says) => {
  const { repository, sent } = client(answer);
  const error = await failure(repository.actionsPermissions());
  expect({ kind: error.kind, calls: sent.length }).toEqual({ kind, calls: 1 });
  expect(error.message).toMatch(says);
});

test("repeats a read that failed in passing, with growing pauses, and gives up after four", async () => {
  const found = client({ status: 502 }, { lost: "after" }, ok);
  expect(await found.repository.actionsPermissions()).toEqual({ enabled: true });
  expect(found.slept).toEqual([500, 1000]);
  const never = client({ status: 503 });
  expect(await failure(never.repository.actionsPermissions())).toMatchObject({ kind: "unavailable" });
  expect(never.sent).toHaveLength(4);
});

test("waits as long as GitHub asks, and not longer than a minute", async () => {
  const short = client({ status: 403, body: limit, headers: { "retry-after": "7" } }, ok);
  await short.repository.actionsPermissions();
  expect(short.slept).toEqual([7000]);
  const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(1_700_000_000 + 30) };
  const primary = client({ status: 403, body: { message: "API rate limit exceeded" }, headers: reset }, ok);
  await primary.repository.actionsPermissions();
  expect(primary.slept).toEqual([30_000]);
  const long = client({ status: 429, body: limit, headers: { "retry-after": "3600" } });
  expect((await failure(long.repository.actionsPermissions())).message).toContain(
    "again in 3600 s. [github/rate-limited]",
  );
});

test("does not repeat a write that may have been done, and says so", async () => {
  for (const step of [{ status: 502 }, { lost: "after" }] as const) {
    const { repository, sent } = client(step);
    const error = await failure(repository.closeIssue(1));
    expect({ calls: sent.length, ambiguous: error.ambiguous }).toEqual({ calls: 1, ambiguous: true });
    expect(error.message).toContain("Whether it was done is not known");
  }
  const unsent = client({ lost: "before" }, { status: 200, body: {} });
  await unsent.repository.closeIssue(1);
  expect(unsent.sent).toHaveLength(2);
});

test("leaves a second between writes, and none before a read", async () => {
  const { repository, slept } = client({ status: 200, body: { enabled: true } });
  await Promise.all([repository.closeIssue(1), repository.closeIssue(2), repository.actionsPermissions()]);
  expect(slept.filter((ms) => ms === 1000).length).toBeGreaterThanOrEqual(1);
});

test("reads page after page, by number and not by a link to another host", async () => {
  const full = Array.from({ length: 100 }, (_, number) => ({ id: number, title: "k", read_only: true }));
  const link = { link: '<https://evil.test/steal?page=3>; rel="next"' };
  const { repository, sent } = client(
    { status: 200, body: full },
    { status: 200, body: [], headers: link },
    { status: 200, body: [] },
  );
  expect(await repository.deployKeys()).toHaveLength(100);
  expect(sent.map(({ url }) => url)).toEqual(
    [1, 2, 3].map((page) => `https://api.test/repos/acme/shop/keys?per_page=100&page=${page}`),
  );
});

test("a switch that is off is false, and one that may not be seen is an error", async () => {
  const off = { status: 404, body: { message: "Vulnerability alerts are disabled." } };
  expect(await client(off).repository.vulnerabilityAlerts()).toBe(false);
  const hidden = client({ status: 404, body: { message: "Not Found" } });
  expect(await failure(hidden.repository.vulnerabilityAlerts())).toMatchObject({ kind: "not-found" });
  expect(
    await client({ status: 404, body: { message: "Branch not protected" } }).repository.protection("main"),
  ).toBeUndefined();
});

test("uses no GraphQL data that comes beside errors", async () => {
  const rules = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  const data = { repository: { branchProtectionRules: rules } };
  const whole = client({ status: 200, body: { data } });
  expect(await whole.repository.protectionPatterns()).toEqual([]);
  const part = client({ status: 200, body: { data, errors: [{ message: "timeout" }] } });
  expect(await failure(part.repository.protectionPatterns())).toMatchObject({
    kind: "partial",
    githubMessage: "timeout",
  });
  const none = client({
    status: 200,
    body: { data: { repository: null }, errors: [{ type: "NOT_FOUND", message: "x" }] },
  });
  expect(await failure(none.repository.protectionPatterns())).toMatchObject({ kind: "not-found" });
});

test("never repeats the token in an error", async () => {
  const { repository } = client({ status: 422, body: { message: `you sent ${token}` } });
  const error = await failure(repository.actionsPermissions());
  expect(JSON.stringify(error) + error.message + error.stack).not.toContain("canary");
});

test("the reader has no writes, at run time either", () => {
  const where = { restUrl: "https://api.test", graphqlUrl: "https://api.test/graphql", isLocal: false };
  const reader = createGithubReader({ ...where, token });
  const names = [...Object.keys(reader), ...Object.keys(reader.repository("acme", "shop"))];
  expect(
    names.filter((name) => /^(set|create|add|remove|close|comment(?!s)|delete|put|update|merge)/.test(name)),
  ).toEqual([]);
});

test.each([
  [undefined, "https://api.github.com", "https://api.github.com/graphql"],
  ["https://api.acme.ghe.com/", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"],
  ["https://github.acme.test/", "https://github.acme.test/api/v3", "https://github.acme.test/api/graphql"],
  ["http://127.0.0.1:4280/", "http://127.0.0.1:4280/api/v3", "http://127.0.0.1:4280/api/graphql"],
])("GITHUB_BASE_URL %s leads to %s and %s", (GITHUB_BASE_URL, restUrl, graphqlUrl) => {
  expect(githubAddressFrom({ GITHUB_BASE_URL })).toMatchObject({ restUrl, graphqlUrl });
});

test.each(["http://github.acme.test/", "ftp://x", "https://github.acme.test/api/v3/", "https://a:b@github.test/"])(
  "GITHUB_BASE_URL %s is refused",
  (GITHUB_BASE_URL) => {
    expect(() => githubAddressFrom({ GITHUB_BASE_URL })).toThrow(/\[github\/address\]$/);
  },
);
