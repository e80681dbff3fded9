/** A preview from its first run to its end: HotDash's own program, the real Terraform, the sandbox's Fly and GitHub. */
import { createHotDashSite, type HotDashSite, repository } from "./support/preview-site";

let site: HotDashSite;
beforeAll(async () => {
  site = await createHotDashSite();
});
afterAll(() => site.close());

test("makes a preview, tells of it in one comment, and removes it with all that it held", async () => {
  const number = await site.openPullRequest("whole");
  const name = `hotdash-pr-${number}`;
  const asked = ["--repository", repository, "--comment"];
  // Somebody's copy of the comment is not ours.
  await site.github("POST", `issues/${number}/comments`, { body: "<!-- infra:preview -->\nmine" }, "ghp_sandbox_dev");
  const first = await site.preview(["up", String(number), ...asked, "--ttl", "3d"]);
  expect({ code: first.code, says: first.code === 0 ? first.stdout : first.stderr }).toEqual({
    code: 0,
    says: `Preview ${number}: https://${name}.fly.dev (made or updated)\n`,
  });
  const [machine] = site.machines();
  expect(machine?.config?.metadata).toMatchObject({
    preview_pull_request: String(number),
    preview_owner: "hotdash-owner",
    preview_repository: repository,
  });
  const stays = Date.parse(machine?.config?.metadata?.preview_expires ?? "") - Date.now();
  expect(Math.round(stays / 3_600_000)).toBe(72);
  const again = JSON.parse((await site.preview(["up", String(number), ...asked, "--json"])).stdout);
  expect(again).toMatchObject({ changed: false, comment: "rewritten", app: name, owner: "hotdash-owner" });
  const [copy, own, ...others] = await site.comments(number);
  expect({ copy, others }).toEqual({ copy: "<!-- infra:preview -->\nmine", others: [] });
  for (const part of [
    `**Preview:** https://${name}.fly.dev\n`,
    `| Commit | \`${again.commit.slice(0, 12)}\` |`,
    "| Version | `deployment-01K82NTP6MKVJP3RM2VP3WQDZH` |",
    "| Health | 1 of 1 machines started; ",
    `[app](https://fly.io/apps/${name}), [monitoring](https://fly.io/apps/${name}/monitoring)`,
    "| Owner | `hotdash-owner` |",
    `| Stays until | ${again.expires.slice(0, 16).replace("T", " ")} UTC`,
    "| Cost | 0.00 to 3.99 US$ a month, an estimate |",
  ]) {
    expect(own).toContain(part);
  }
  expect((await site.preview(["down", String(number), ...asked])).stdout).toBe(
    `Preview ${number} is removed: ${name} and all that it held.\n`,
  );
  expect({ apps: site.apps(), machines: site.machines() }).toEqual({ apps: [], machines: [] });
  expect((await site.comments(number)).map((body) => body.split("\n")[1])).toEqual(["mine", "**Preview:** removed"]);
  expect((await site.preview(["down", String(number)])).stdout).toBe(`There is no ${name}; nothing to remove.\n`);
});
