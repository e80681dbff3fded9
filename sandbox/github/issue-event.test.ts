import { createGithubHarness } from "./harness";

describe("labels of an issue", () => {
  it("are noted with who gave and took them, and when", async () => {
    const { ask } = createGithubHarness();
    await ask("POST", "/issues", { title: "Slow", labels: ["bug"] }, "ghp_sandbox_dev");
    await ask("POST", "/issues/1/labels", { labels: ["bug", "cost"] });
    await ask("DELETE", "/issues/1/labels/bug");
    await ask("PATCH", "/issues/1", { labels: ["drift"] }, "ghp_sandbox_dev");
    const { body } = await ask("GET", "/issues/1/events");
    expect(body.map(({ event, label, actor }: EventShape) => `${actor.login} ${event} ${label.name}`)).toEqual([
      "hotdash-dev labeled bug",
      "hotdash-owner labeled cost",
      "hotdash-owner unlabeled bug",
      "hotdash-dev unlabeled cost",
      "hotdash-dev labeled drift",
    ]);
    expect(body[0].created_at).toMatch(/^\d{4}-.*Z$/);
    expect((await ask("DELETE", "/issues/1/labels/bug")).status).toBe(404);
  });

  it("come from who may triage alone; elsewhere they are dropped without a word", async () => {
    const { ask } = createGithubHarness();
    await ask("POST", "/issues", { title: "Slow" });
    await ask("PUT", "/collaborators/hotdash-dev", { permission: "pull" });
    expect((await ask("POST", "/issues/1/labels", { labels: ["bug"] }, "ghp_sandbox_dev")).status).toBe(403);
    const made = await ask("POST", "/issues", { title: "Slow too", labels: ["bug"] }, "ghp_sandbox_dev");
    expect(made.body.labels).toEqual([]);
    await ask("PATCH", "/issues/2", { labels: ["bug"] }, "ghp_sandbox_dev");
    expect((await ask("GET", "/issues/2/events")).body).toEqual([]);
  });
});

interface EventShape {
  readonly event: string;
  readonly label: { readonly name: string };
  readonly actor: { readonly login: string };
}
