/** Wrong tokens for GitHub through the real entry points: each is told in its own sentence, and nothing is changed. */
import { createSite, own, type Site } from "./support/site";

const permissions = `${own}/actions/permissions`;
let site: Site;
let before: unknown;

const settings = () => site.rest("GET", permissions);

beforeAll(async () => {
  site = await createSite();
  // Something for an apply to do.
  const live = (await settings()) as object;
  await site.rest("PUT", permissions, { ...live, sha_pinning_required: false });
  const old = [...site.sandbox.control.state().github.tokens.values()].find(({ appId }) => appId === 900_001);
  if (old) old.expiresAt = 0;
  before = await settings();
});
afterAll(() => site.close());

const entries = [
  ["apply", "--yes"],
  ["override", "open", "lint", "--reason", "the registry is down"],
];

describe.each<[string, string, RegExp]>([
  ["absent", "", /Neither GITHUB_TOKEN nor GH_TOKEN is set.*export GITHUB_TOKEN=.*\[github\/no-token\]/],
  ["malformed", "ghp_canary\nghp_canary", /holds a line break.*not sent\. Set it anew.*\[github\/token-malformed\]/],
  [
    "unknown",
    "ghp_canary",
    /Bad credentials\. The token is not valid, or no longer\. Make a new one.*\[github\/unauthorized\]/,
  ],
  [
    "expired",
    "ghs_sandbox_infra",
    /Bad credentials\. The token is not valid, or no longer\..*\[github\/unauthorized\]/,
  ],
  [
    "of somebody who may not see or change it",
    "ghp_sandbox_dev",
    /Must have admin rights to (Repository|Organization)\..*npx infra doctor \[github\/forbidden\]/,
  ],
  [
    "read-only",
    "github_pat_sandbox_read",
    /(lacks what github needs: .*\[github\/scope\])|(It wants the permission issues=write\..*\[github\/forbidden\])/,
  ],
])("a token that is %s", (_what, token, told) => {
  test.each(entries.map((argv) => [argv[0] ?? "", argv] as const))(
    "is told by %s, and nothing is changed",
    async (_name, argv) => {
      const { code, stdout, stderr } = await site.infra(argv, { env: { GITHUB_TOKEN: token } });
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(told);
      expect(stdout + stderr).not.toMatch(/canary|internal/);
    },
  );
});

test("nothing was changed by any of them", async () => {
  expect(await settings()).toEqual(before);
});
