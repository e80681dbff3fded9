/** Issues about drift on the sandbox's GitHub, over thirty days of events. */
import { createGithub, githubAddressFrom, type RepositoryClient } from "../../api/github";
import { keepIssues } from "../../ops/drift/issue";
import { longestBody } from "../../report/markdown";
import type { Finding, StackReport } from "../../report/model";
import { createSandbox } from "../../sandbox";

let server: { readonly url: string; close(): Promise<void> };
let repository: RepositoryClient;

beforeAll(async () => {
  server = await createSandbox({ limits: "off" }).listen();
  const address = githubAddressFrom({ GITHUB_BASE_URL: server.url });
  repository = createGithub({ ...address, token: "ghp_sandbox_admin" }).repository("hotdash", "hotdash");
});
afterAll(() => server.close());

const finding = (path: string): Finding => ({
  kind: "field",
  address: "fly_process_group.app",
  path,
  text: "is 512, declared 1024",
});
const clean = (stack: string): StackReport => ({
  stack,
  outcome: "same",
  resources: 6,
  findings: [],
  actions: {},
  troubles: [],
  notes: [],
});
const differing = (stack: string, ...paths: readonly string[]): StackReport => ({
  ...clean(stack),
  outcome: "differs",
  findings: paths.map(finding),
});
const unreadable = (stack: string): StackReport => ({
  ...clean(stack),
  outcome: "error",
  troubles: [{ severity: "error", summary: "Not planned", detail: "Fly did not answer." }],
});

const keep = async (...stacks: readonly StackReport[]) =>
  (await keepIssues(repository, { command: "drift", stacks })).map(({ stack, did }) => `${stack} ${did}`);
const all = () => repository.issues({ state: "all", labels: "drift" });
const open = async () => (await repository.issues({ state: "open", labels: "drift" })).map(({ title }) => title).sort();

test("opens, keeps, rewrites, closes and opens again one and the same issue", async () => {
  expect(await keep(differing("staging", "a"))).toEqual(["staging opened"]);
  expect(await keep(differing("staging", "a"))).toEqual(["staging kept"]);
  expect(await keep(differing("staging", "a", "b"))).toEqual(["staging rewritten"]);
  expect(await keep(clean("staging"))).toEqual(["staging closed"]);
  expect(await keep(clean("staging"))).toEqual([]);
  expect(await keep(differing("staging", "c"))).toEqual(["staging reopened"]);
  expect((await all()).map(({ number }) => number)).toHaveLength(1);
  await keep(clean("staging"));
});

test("an error has an issue of its own, and leaves the one about differences as it is", async () => {
  await keep(differing("web", "a"));
  expect(await keep(unreadable("web"))).toEqual(["web opened"]);
  expect(await open()).toEqual(["Drift: web could not be read", "Drift: web is not as declared"]);
  expect(await keep(clean("web"))).toEqual(["web closed", "web closed"]);
  expect(await open()).toEqual([]);
});

test("of two runs that both open one, one issue is left open", async () => {
  await Promise.all([keep(differing("race", "a")), keep(differing("race", "a"))]);
  expect(await open()).toEqual(["Drift: race is not as declared"]);
  await keep(clean("race"));
});

test("thirty days of drift leave no second issue, no stale open one, and no body over GitHub's limit", async () => {
  const stacks = ["one", "two", "three"];
  let seed = 7;
  const roll = (sides: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % sides;
  };
  for (let day = 0; day < 30; day += 1) {
    const report = stacks.map((stack) => {
      const kind = roll(4);
      if (kind === 0) return clean(stack);
      if (kind === 1) return unreadable(stack);
      return differing(
        stack,
        ...Array.from({ length: kind === 2 ? 2 : 3_000 }, (_, index) => `machine ${index} ${"x".repeat(roll(60))}`),
      );
    });
    await keep(...report);
    const now = await repository.issues({ state: "open", labels: "drift" });
    const expected = report.filter(({ outcome }) => outcome === "error").length;
    expect(now.filter(({ title }) => title.endsWith("could not be read"))).toHaveLength(expected);
    for (const { stack, outcome } of report.filter((one) => one.outcome !== "error")) {
      expect(now.filter(({ title }) => title === `Drift: ${stack} is not as declared`)).toHaveLength(
        outcome === "differs" ? 1 : 0,
      );
    }
    for (const { body } of now) {
      expect(body?.length ?? 0).toBeLessThanOrEqual(longestBody);
      if ((body?.length ?? 0) > longestBody / 2)
        expect(body).toMatch(/more lines do not fit here\. All of it: `npx infra drift \w+`$/);
    }
  }
  expect(await keep(...stacks.map(clean))).toEqual(expect.arrayContaining([]));
  const titles = (await all())
    .map(({ title }) => title)
    .filter((title) => stacks.some((stack) => title.includes(` ${stack} `)));
  expect(new Set(titles).size).toBe(titles.length);
  expect(await open()).toEqual([]);
});
