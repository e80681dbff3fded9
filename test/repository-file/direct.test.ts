/** Files that an App commits straight to the default branch, and what happens to whoever may not. */
import { pullRule } from "../../sandbox/github/harness";
import { type Bench, mirror, openBench } from "./support/repository";

const suite = mirror ? describe : describe.skip;

// What begins a template in Terraform stands in every workflow.
const text = ["name: ci", ["run: echo ", "$", "{{ github.ref }} %{if} $", "$", "{x} \\$", "{y} \\n"].join(""), ""].join(
  "\n",
);
const ci = { path: ".github/workflows/ci.yml", text };
const toml = { path: "fly.toml", text: 'app = "hotdash"\n' };

suite("files of a repository, written directly (needs TF_PROVIDER_MIRROR)", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    bench.declare([ci, toml], { write: "direct" });
    const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
    const bypass_actors = [{ actor_type: "Integration", actor_id: 900_001, bypass_mode: "always" }];
    const ruleset = {
      name: "main",
      enforcement: "active",
      target: "branch",
      conditions,
      bypass_actors,
      rules: [pullRule],
    };
    expect(await bench.ask("POST", "/rulesets", ruleset)).toMatchObject({ status: 201 });
  });
  afterAll(() => bench.close());
  const as = (token: string): void => {
    bench.env.GITHUB_TOKEN = token;
  };

  test("a person whom the protection holds is told so, with what to change", async () => {
    as("ghp_sandbox_admin");
    const { code, stdout } = await bench.infra("apply", "--yes");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /workflows: failed; 0 resources changed, 2 not[\s\S]*The branch takes no commit from this token/,
    );
    expect(stdout).toContain("[github/protected-branch]");
    expect((await bench.ask("GET", "/commits")).body).toHaveLength(1);
  });

  test("the App that may bypass writes each file as it is, in a commit that starts no workflow; then the plan is empty", async () => {
    as("ghs_sandbox_infra");
    expect(await bench.infra("apply", "--yes")).toMatchObject({ code: 0 });
    const { body } = await bench.ask("GET", "/contents/.github/workflows/ci.yml");
    expect(Buffer.from(body.content, "base64").toString()).toBe(text);
    const { body: commits } = await bench.ask("GET", "/commits");
    expect(commits.map(({ commit }: { commit: { message: string } }) => commit.message)).toEqual(
      expect.arrayContaining(["Write fly.toml [skip ci]", "Write .github/workflows/ci.yml [skip ci]"]),
    );
    expect(await bench.plan()).toMatchObject({ code: 0, calls: 9 });
  });

  test("what was edited is written again, what is undeclared is named, and the rest is done before the apply fails", async () => {
    as("ghs_sandbox_infra");
    const edit = async (path: string, content: string) => {
      const { body } = await bench.ask("GET", `/contents/${path}`);
      const change = { message: "Edit", content: Buffer.from(content).toString("base64"), sha: body.sha };
      expect((await bench.ask("PUT", `/contents/${path}`, change, "ghs_sandbox_infra")).status).toBeLessThan(300);
    };
    await edit(toml.path, 'app = "other"\n');
    await edit(".github/workflows/extra.yml", "name: extra\n");
    const planned = await bench.plan();
    expect(planned.code).toBe(2);
    expect(planned.text).toMatch(/github_repository_file\.fly_toml will be updated/);
    expect(planned.text).toMatch(/"\.github\/workflows\/extra\.yml" += "nobody declared it/);

    const { code, stdout } = await bench.infra("apply", "--yes");
    expect(code).toBe(1);
    expect(stdout).toMatch(/done {6}github_repository_file\.fly_toml[\s\S]*\[github\/file-drift\]/);
    const { body } = await bench.ask("GET", "/contents/fly.toml");
    expect(Buffer.from(body.content, "base64").toString()).toBe(toml.text);
  });
});
