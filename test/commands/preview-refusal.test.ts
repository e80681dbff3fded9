/** What of previews is swept, refused and let be, over a program that only names its apps: nothing is planned here. */
import { createNamingSite, type PreviewSite, repository } from "./support/preview-site";

let site: PreviewSite;
beforeAll(async () => {
  site = await createNamingSite();
});
afterAll(() => site.close());
afterEach(() => site.sandbox.control.reset());

test("sweeps what no open pull request needs, and never an app whose name only resembles a preview's", async () => {
  const [open, closed] = [await site.openPullRequest("one"), await site.openPullRequest("two")];
  await site.github("PATCH", `pulls/${closed}`, { state: "closed" });
  const near = ["hotdash-pr-07", "hotdash-pr-7x", "my-hotdash-pr-7", "prod-1", `hotdash-pr-${open}0x`];
  await site.empty([...near, ...[open, closed, 900].map((number) => `hotdash-pr-${number}`)]);
  site.sandbox.control.clearJournal();
  const listed = JSON.parse((await site.preview(["list", "--repository", repository, "--json"])).stdout);
  expect(listed.previews.map((one: { app: string; pullRequest: string }) => `${one.app} ${one.pullRequest}`)).toEqual([
    `hotdash-pr-${open} open`,
    `hotdash-pr-${closed} closed`,
    "hotdash-pr-900 closed",
  ]);
  expect(site.sandbox.control.journal().filter(({ path }) => path.startsWith("/api/v3/"))).toHaveLength(1);
  expect((await site.preview(["sweep", "--repository", repository])).stderr).toContain("[infra/needs-yes]");
  expect((await site.preview(["sweep", "--dry-run", "--repository", repository])).code).toBe(2);
  expect(site.apps()).toHaveLength(8);
  // One that Fly keeps does not keep the others.
  site.sandbox.control.setFaults([
    { match: { method: "DELETE", path: `-${closed}$` }, effect: { status: 403, body: { error: "unauthorized" } } },
  ]);
  const partly = await site.preview(["sweep", "--yes", "--repository", repository]);
  expect({ code: partly.code, stdout: partly.stdout }).toEqual({ code: 1, stdout: "Removed: hotdash-pr-900.\n" });
  expect(partly.stderr).toMatch(new RegExp(`hotdash-pr-${closed}: .*403.*\\[infra/preview-left\\]`, "s"));
  site.sandbox.control.setFaults([]);
  const swept = await site.preview(["sweep", "--yes", "--repository", repository]);
  expect({ code: swept.code, stdout: swept.stdout }).toEqual({
    code: 0,
    stdout: `Removed: hotdash-pr-${closed}.\n`,
  });
  expect(site.apps()).toEqual([...near, `hotdash-pr-${open}`].sort());
});

test("gives a fork's pull request no preview, nor one that is closed or is none", async () => {
  const number = await site.openPullRequest("forked");
  const closed = await site.openPullRequest("over");
  await site.github("PATCH", `pulls/${closed}`, { state: "closed" });
  const pull = (await site.github("GET", `pulls/${number}`)) as { head: object };
  const refused = async (which: number, source?: object | null) => {
    site.sandbox.control.setFaults(
      source === undefined
        ? []
        : [
            {
              match: { path: `/pulls/${number}$` },
              effect: { status: 200, body: { ...pull, head: { ...pull.head, repo: source } } },
            },
          ],
    );
    return (await site.preview(["up", String(which), "--repository", repository, "--comment"])).stderr;
  };
  expect(await refused(number, { full_name: "stranger/hotdash" })).toMatch(
    /comes from stranger\/hotdash.*preview-fork\]/s,
  );
  expect(await refused(number, null)).toMatch(/a fork that is gone.*preview-fork\]/s);
  expect(await refused(closed)).toMatch(/is closed.*preview-pull-request\]/s);
  expect(await refused(9_999)).toMatch(/does not exist.*preview-pull-request\]/s);
  expect({ apps: site.apps(), comments: await site.comments(number) }).toEqual({ apps: [], comments: [] });
});

test("lets the preview of another repository be that names its apps alike", async () => {
  await site.empty(["hotdash-pr-5"]);
  const config = { image: "nginx", metadata: { preview_repository: "hotdash/other" } };
  await site.fly("POST", "/v1/apps/hotdash-pr-5/machines", { config });
  const ours = ["--repository", repository];
  expect((await site.preview(["down", "5", ...ours])).stderr).toContain("[infra/preview-elsewhere]");
  expect(JSON.parse((await site.preview(["sweep", "--yes", "--json", ...ours])).stdout)).toMatchObject({ orphans: [] });
  expect(site.apps()).toEqual(["hotdash-pr-5"]);
  expect((await site.preview(["down", "5", "--repository", "HotDash/Other"])).code).toBe(0);
  expect(site.apps()).toEqual([]);
});

test("gives no preview a value of production, and never tells it", async () => {
  const value = "canary-of-production";
  const env = { PRODUCTION_DATABASE_URL: value, STAGING_API_KEY: value, STAGING_DATABASE_URL: "other" };
  const { code, stdout, stderr } = await site.preview(["up", "43"], { env });
  expect({ code, named: stderr.includes("API_KEY: STAGING_API_KEY") }).toEqual({ code: 1, named: true });
  expect(stderr).not.toContain("DATABASE_URL:");
  expect(stdout + stderr).not.toContain(value);
  expect(site.apps()).toEqual([]);
});

test.each([
  { what: "a number that is none", argv: ["up", "seven"], says: "[infra/preview-number]" },
  { what: "a number with a leading zero", argv: ["down", "07"], says: "[infra/preview-number]" },
  { what: "a sweep without a repository", argv: ["sweep", "--yes"], says: "[infra/repository]" },
  { what: "a comment without a repository", argv: ["up", "7", "--comment"], says: "[infra/repository]" },
  { what: "a comment without a repository at the end", argv: ["down", "7", "--comment"], says: "[infra/repository]" },
  { what: "a repository that is none", argv: ["sweep", "--repository", "hotdash"], says: "[infra/repository]" },
  { what: "a time that is none", argv: ["up", "7", "--ttl", "soon"], says: "[infra/preview-ttl]" },
  { what: "no time at all", argv: ["up", "7", "--ttl", "0h"], says: "[infra/preview-ttl]" },
  { what: "a time without end", argv: ["up", "7", "--ttl", "91d"], says: "[infra/preview-ttl]" },
])("refuses $what", async ({ argv, says }) => {
  const { code, stderr } = await site.preview(argv);
  expect({ code, says: stderr.includes(says) ? says : stderr }).toEqual({ code: 1, says });
});
