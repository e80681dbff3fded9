import { createGithubBench, findProviders, type GithubBench } from "./github";
import { everything, governance, newRepository } from "./github-configuration";

const suite = findProviders() ? describe : describe.skip;
const own = "/repos/hotdash/hotdash";
const plan = ["plan", "-detailed-exitcode"];
const apply = ["apply", "-auto-approve"];

suite("the real GitHub provider 6.9.0 (needs TF_PROVIDER_MIRROR)", () => {
  let bench: GithubBench;
  beforeEach(async () => {
    bench = await createGithubBench();
  });
  afterEach(() => bench.close());

  it("adopts a repository, protects it, and shows what changes outside", async () => {
    expect(await bench.terraform(governance, ...apply)).toMatchObject({ code: 0 });
    expect(await bench.terraform(governance, ...plan)).toMatchObject({ code: 0 });

    await bench.rest("PATCH", own, { allow_merge_commit: true });
    const rulesets = await bench.rest("GET", `${own}/rulesets`);
    const [{ id = 0 } = {}] = rulesets.body as { id?: number }[];
    await bench.rest("PUT", `${own}/rulesets/${id}`, { enforcement: "disabled", bypass_actors: [] });
    await bench.rest("PUT", `${own}/environments/production`, { can_admins_bypass: false });
    const { code, output } = await bench.terraform(governance, ...plan);
    expect(code).toBe(2);
    expect(output).toMatch(/allow_merge_commit\s+= true -> false/);
    expect(output).toMatch(/enforcement\s+= "disabled" -> "active"/);
    expect(output).toContain("+ bypass_actors {");
    expect(output).toMatch(/can_admins_bypass\s+= false -> true/);

    expect(await bench.terraform(governance, ...apply)).toMatchObject({ code: 0 });
    expect(await bench.terraform(governance, ...plan)).toMatchObject({ code: 0 });
    const push = { message: "straight", content: "aGk=" };
    const refused = await bench.rest("PUT", `${own}/contents/straight.txt`, push);
    expect(refused).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("through a pull request") },
    });
  });

  it("does not see that all reviewers of an environment are gone", async () => {
    await bench.terraform(governance, ...apply);
    const policy = { protected_branches: false, custom_branch_policies: true };
    await bench.rest("PUT", `${own}/environments/production`, { deployment_branch_policy: policy });
    expect(await bench.terraform(governance, ...plan)).toMatchObject({ code: 0 });
  });

  it("refuses a check of an app that is not installed, in GitHub's words", async () => {
    const { code, output } = await bench.terraform(governance.replace("15368", "424242"), ...apply);
    expect(code).toBe(1);
    expect(output).toContain("integration 424242 is not installed");
  });

  it("keeps a failed update to itself once the host sends ETags", async () => {
    await bench.terraform(governance, ...apply);
    bench.sandbox.control.setEtag(true);
    await bench.terraform(governance, "apply", "-refresh-only", "-auto-approve");
    const changed = governance.replace("required_linear_history = true", "required_linear_history = false");
    const body = { message: "Validation Failed" };
    bench.sandbox.control.setFaults([{ match: { method: "PUT", path: "/rulesets/" }, effect: { status: 422, body } }]);
    expect(await bench.terraform(changed, ...apply)).toMatchObject({ code: 1 });
    bench.sandbox.control.setFaults([]);
    expect(await bench.terraform(changed, ...plan)).toMatchObject({ code: 0 });
    bench.sandbox.control.setEtag(false);
    expect(await bench.terraform(changed, ...plan)).toMatchObject({ code: 2 });
  });

  it("creates, reads back, and destroys one of each resource", async () => {
    const applied = await bench.terraform(everything, ...apply);
    expect(applied.output).toContain("Apply complete!");
    expect(applied.output).toMatch(/secrets = tolist\(\[\s*"FLY_TOKEN",?\s*\]\)|"FLY_TOKEN"/);
    expect(applied.output).toMatch(/rules\s+= 200/);
    const planned = await bench.terraform(everything, ...plan);
    expect(planned.output).toContain("No changes.");

    await bench.rest("PATCH", `${own}/labels/drift`, { color: "00ff00" });
    await bench.rest("PUT", `${own}/actions/permissions/workflow`, { default_workflow_permissions: "write" });
    const drifted = await bench.terraform(everything, ...plan);
    expect(drifted.output).toMatch(/color\s+= "00ff00" -> "ff0000"/);
    expect(drifted.output).toMatch(/default_workflow_permissions\s+= "write" -> "read"/);

    expect(await bench.terraform(everything, "destroy", "-auto-approve")).toMatchObject({ code: 0 });
    expect(await bench.rest("GET", `${own}/branches/dev%2Fx`)).toMatchObject({ status: 404 });
  });

  it("lets an app make a repository with people, labels and a tag rule", async () => {
    const applied = await bench.terraform(newRepository, ...apply);
    expect(applied.output).toContain("7 added");
    expect(await bench.terraform(newRepository, ...plan)).toMatchObject({ code: 0 });
    await bench.rest("POST", "/repos/hotdash/second/labels", { name: "stray" });
    const drifted = await bench.terraform(newRepository, ...plan);
    expect(drifted).toMatchObject({ code: 2, output: expect.stringContaining("stray") });
  });
});
