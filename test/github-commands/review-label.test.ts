/** Which labels of a pull request count for `infra review`, and until when. */
import { createGithub, githubAddressFrom } from "../../api/github";
import { approvalsOf } from "../../ops/review/approval";
import { beginReview } from "../../ops/review/pull-request";
import { createReviewSite, dev, type ReviewSite } from "./support/review-site";
import { own } from "./support/site";

let at: ReviewSite;
beforeAll(async () => {
  at = await createReviewSite();
});
afterAll(() => at.close());

describe("the label approved-destroy", () => {
  const needed = [{ label: "approved-destroy", why: "it destroys" }];
  const github = () =>
    createGithub({ ...githubAddressFrom({ GITHUB_BASE_URL: at.site.url }), token: "ghs_sandbox_actions" });
  const begun = async (number: number) => {
    const repository = github().repository("hotdash", "hotdash");
    return beginReview({ github: github(), repository, number, commit: undefined, comment: true });
  };
  const label = (number: number, token?: string) =>
    at.site.rest("POST", `${own}/issues/${number}/labels`, { labels: ["approved-destroy"] }, token);
  const outcome = async (number: number) => {
    const [one] = await approvalsOf(needed, (await begun(number)).approvable);
    return `${one?.outcome}: ${one?.text}`;
  };
  const later = () => at.site.sandbox.control.advance(2_000);

  test("is asked for, counts by whom it was given, and no longer after the next push", async () => {
    const { number, branch } = await at.open();
    expect(await outcome(number)).toMatch(/^missing: Somebody who may write .* not `hotdash-dev`, its author,/);
    await later();
    await label(number);
    expect(await outcome(number)).toMatch(/^given: By `hotdash-owner`/);
    await later();
    await at.push(branch);
    expect(await outcome(number)).toMatch(/^void: It was given before the newest commit\. Take it away\./);
    await at.site.rest("DELETE", `${own}/issues/${number}/labels/approved-destroy`);
    expect(await outcome(number)).toMatch(/^missing/);
    await later();
    await label(number);
    expect(await outcome(number)).toMatch(/^given/);
  });

  test("does not count by the author, nor by who may not write", async () => {
    const { number } = await at.open();
    await begun(number);
    await label(number, dev);
    expect(await outcome(number)).toContain("void: `hotdash-dev` gave it and is the author.");
    const other = await at.open();
    await begun(other.number);
    await label(other.number, "ghs_sandbox_infra");
    expect(await outcome(other.number)).toContain("void: `hotdash-infra[bot]` gave it and may not write here.");
  });

  test("is not dated by a report that somebody else made, nor by one about another pull request", async () => {
    const { number, sha } = await at.open();
    const target_url = `https://github.com/hotdash/hotdash/pull/${number}`;
    await at.site.rest(
      "POST",
      `${own}/statuses/${sha}`,
      { state: "pending", context: "infra/review", target_url },
      dev,
    );
    await later();
    await label(number);
    await later();
    expect(await outcome(number)).toMatch(/^void: It was given before/);
  });
});
