/** What GitHub refuses of a proposal: each a clear error, and what was done before is said. */

import type { Clock } from "../../api/fly/clock";
import { createGithub, githubAddressFrom } from "../../api/github";
import { blobSha } from "../../constructs/repository-file/repository-file";
import { propose } from "../../ops/propose/propose";
import { createSandbox, type Sandbox } from "../../sandbox";
import type { Fault } from "../../sandbox/fault";

const path = ".github/workflows/ci.yml";
const text = "name: ci\n";

/** Waits take no time. */
const clock: Clock = { now: Date.now, random: () => 0, sleep: () => Promise.resolve() };

let sandbox: Sandbox;
let url: string;
let close: () => Promise<void>;
beforeEach(async () => {
  sandbox = createSandbox({ limits: "off" });
  ({ url, close } = await sandbox.listen(0));
});
afterEach(async () => {
  await close();
  sandbox.close();
});

const own = "/repos/hotdash/hotdash";
async function rest(method: string, at: string, body?: object): Promise<void> {
  const headers = { authorization: "Bearer ghp_sandbox_admin" };
  const answer = await fetch(`${url}/api/v3${at}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
}

/** Proposes one workflow file. @returns how it ended, and what was done by then */
async function proposing(token = "ghp_sandbox_admin"): Promise<{ message: string; done: readonly string[] }> {
  const done: string[] = [];
  const declared = {
    owner: "hotdash",
    name: "hotdash",
    branch: "main",
    write: "propose" as const,
    files: [{ path, sha: blobSha(text), executable: false }],
    ignored: [],
    textOf: () => text,
  };
  const github = createGithub({ ...githubAddressFrom({ GITHUB_BASE_URL: `${url}/` }), token, clock });
  const repository = github.repository("hotdash", "hotdash");
  const onDone = (object: string, action: string) => done.push(`${object} ${action}`);
  const ended = propose({ repository, declared, stack: "workflows", onDone });
  return {
    message: await ended.then(
      ({ url: at }) => at ?? "nothing",
      ({ message }) => message,
    ),
    done,
  };
}

const branchRule = (include: string, type: string) => ({
  name: "infra",
  enforcement: "active",
  target: "branch",
  conditions: { ref_name: { include: [include], exclude: [] } },
  rules: [{ type }],
});

interface Case {
  readonly what: string;
  readonly token?: string;
  readonly before?: () => Promise<void>;
  readonly faults?: readonly Fault[];
  readonly says: RegExp;
  readonly done?: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: "a token that is none",
    token: "ghp_wrong",
    says: /answered 401 .*The token is not valid.*\[github\/unauthorized\]/,
  },
  {
    what: "a classic token without the scope workflow",
    token: "ghp_sandbox_noworkflow",
    says: /may not write workflow files: GitHub answered 404.*scopes repo and workflow.*\[github\/workflow-scope\]/,
  },
  {
    what: "a token that may only read",
    token: "github_pat_sandbox_read",
    says: /may not write workflow files: GitHub answered 403.*workflows=write.*\[github\/workflow-scope\]/,
  },
  {
    what: "an archived repository",
    before: () => rest("PATCH", own, { archived: true }),
    says: /hotdash\/hotdash is archived.*gh repo unarchive hotdash\/hotdash.*\[github\/archived\]/,
  },
  {
    what: "a renamed repository",
    before: () => rest("PATCH", own, { name: "renamed" }),
    says: /hotdash\/renamed.*Correct repository.owner and repository.name.*\[github\/moved\]/,
  },
  {
    what: "a branch of proposals that may not be made",
    before: () => rest("POST", `${own}/rulesets`, branchRule("refs/heads/infra/*", "creation")),
    says: /A rule of hotdash\/hotdash protects the branch infra\/workflows.*leave out infra\/\*.*\[github\/proposal-branch\]/,
  },
  {
    what: "issues that are switched off",
    before: () => rest("PATCH", own, { has_issues: false }),
    says: /Issues are switched off in hotdash\/hotdash.*features\.issues.*\[github\/issues-off\]/,
    done: ["branch infra/workflows made"],
  },
  {
    what: "a GitHub that is down",
    faults: [{ match: { path: "/git/ref/" }, effect: { status: 503, body: { message: "Down" } } }],
    says: /answered 503 .*githubstatus.*\[github\/unavailable\]/,
  },
  {
    what: "a secondary limit that lasts",
    faults: [{ match: { method: "POST", path: "/git/commits" }, effect: { secondary_limit_s: 3600 } }],
    says: /answered 403 .*Run this again in 3600 s.*\[github\/rate-limited\]/,
  },
  {
    what: "a connection that breaks when the branch is made",
    faults: [{ match: { method: "POST", path: "/git/refs" }, effect: { cut: "after" } }],
    says: /gave no answer to POST .*\/git\/refs.*Whether it was done is not known.*\[github\/unreachable\]/,
  },
];

test.each(cases)(
  "$what is told, and nothing is half done unsaid",
  async ({ token, before, faults = [], says, done = [] }) => {
    await before?.();
    sandbox.control.setFaults(faults);
    const ended = await proposing(token);
    expect(ended.message).toMatch(says);
    expect(ended.done).toEqual(done);
  },
);

test("after each of them the next run finishes, with one pull request and one issue", async () => {
  for (const at of ["/git/trees", "/git/commits", "/git/refs", "/issues", "/pulls"]) {
    const match = { method: "POST", path: `${at}$` };
    sandbox.control.setFaults([{ match, times: 1, effect: { cut: "after" } }]);
    expect((await proposing()).message).toContain("[github/unreachable]");
  }
  sandbox.control.setFaults([]);
  expect(await proposing()).toEqual({ message: "https://github.com/hotdash/hotdash/pull/2", done: [] });
  const [repository] = sandbox.control.state().github.repositories.values();
  expect([...(repository?.issues.values() ?? [])].map(({ number, pull }) => [number, pull?.head])).toEqual([
    [1, undefined],
    [2, "infra/workflows"],
  ]);
});

test("a limit that ends soon is waited for", async () => {
  sandbox.control.setFaults([{ match: { path: "/git/" }, times: 1, effect: { secondary_limit_s: 0 } }]);
  expect((await proposing()).message).toContain("/pull/2");
});

test("what a person pushed to the branch of proposals does not stay in it", async () => {
  await proposing();
  const body = { message: "m", content: "aGk=", branch: "infra/workflows" };
  await rest("PUT", `${own}/contents/own.txt`, body);
  expect((await proposing()).done).toEqual(["branch infra/workflows rewritten"]);
});
