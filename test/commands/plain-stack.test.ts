/** plan, apply, drift and check on stacks of Terraform's own resources: what they say and how they end, with real Terraform. */
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { edit, fakeProject, infra, remove } from "./support/project";

const stack = (input: unknown) => ({ resource: { terraform_data: { a: { input } } } });
const broken = { resource: { terraform_data: { a: { no_such_attribute: 1 } } } };

const projects: string[] = [];
const project = (...args: Parameters<typeof fakeProject>) => {
  const made = fakeProject(...args);
  projects.push(made);
  return made;
};
afterAll(() => projects.forEach(remove));

test("plan, apply, plan, change, drift: exit codes and words", async () => {
  const directory = project({ one: stack({ x: 1 }) });

  expect(await infra(directory, ["plan"])).toEqual({
    code: 2,
    stdout: `one: 1 pending change (1 resource)

  Pending: the configuration differs from what was last applied
    terraform_data.a  not there yet; apply makes it
`,
    stderr: `
Carry out what is pending: npx infra apply one
Nothing was changed.
`,
  });

  const applied = await infra(directory, ["apply", "--yes"]);
  expect(applied).toMatchObject({
    code: 0,
    stdout: "one: as declared now; 1 resource changed\n",
  });

  expect(await infra(directory, ["plan"])).toMatchObject({ code: 0, stdout: "one: as declared (1 resource)\n" });

  edit(directory, { one: stack({ x: 2 }) });
  const { code, stdout } = await infra(directory, ["drift"]);
  expect({ code, stdout }).toEqual({
    code: 2,
    stdout: `Stack  Resources  Drift  Pending  Verdict
one            1      0        1  pending

Checks
  Infrastructure  FAIL
      one: 1 difference
  Secrets         PASS
  Not made: Docs policy (no scripts/policy/check-docs.mjs), Secret scan (no scripts/policy/scan.sh), Backup (no scripts/ops/backup-age.mjs), Parity (not both of staging and production), Ready versions (no stack here says how many), Previews (no stack names an organization of Fly)

one: 1 pending change (1 resource)

  Pending: the configuration differs from what was last applied
    terraform_data.a
      input.x  1 -> 2
        low · id c766b817
`,
  });
});

test("--json prints one document and nothing else on standard output", async () => {
  const directory = project({ one: stack("\u001b[31mred") });
  const { code, stdout } = await infra(directory, ["plan", "--json"]);
  expect(code).toBe(2);
  expect(stdout).not.toContain("\u001b");
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    command: "plan",
    exit_code: 2,
    stacks: [{ stack: "one", pending: 1, drift: 0 }],
  });
});

test("a stack that cannot be read is an error of its own and hides no other", async () => {
  const directory = project({ bad: broken, good: stack(1) });
  const { code, stdout } = await infra(directory, ["drift"]);
  expect(code).toBe(1);
  expect(stdout).toContain("bad            ?      ?        ?  could not be read");
  expect(stdout).toContain("good           1      0        1  pending");
  expect(stdout).toContain('No argument or block type is named "no_such_attribute"');
});

test("check tells every problem of every stack", async () => {
  const directory = project({ bad: broken, worse: broken, good: stack(1) });
  const { code, stdout } = await infra(directory, ["check"]);
  expect(code).toBe(1);
  expect(stdout.match(/no_such_attribute/g)).toHaveLength(2);
  expect(stdout).toContain("good: valid");
});

test("what the program refuses ends in 1, in its own words", async () => {
  const directory = project({}, { fails: "2 problems in environment production" });
  const { code, stdout, stderr } = await infra(directory, ["plan"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("2 problems in environment production");
});

test("a stack that does not exist is named, with what exists and what was meant", async () => {
  const directory = project({ production: stack(1), staging: stack(1) });
  const { code, stderr } = await infra(directory, ["plan", "stagign"]);
  expect(code).toBe(1);
  expect(stderr).toContain('There is no stack "stagign"; did you mean "staging"? There are: production, staging.');
});

describe("apply", () => {
  test("changes nothing without somebody to agree", async () => {
    const directory = project({ one: stack(1) });
    const { code, stderr } = await infra(directory, ["apply"]);
    expect(code).toBe(1);
    expect(stderr).toContain("[infra/needs-yes]");
    expect((await infra(directory, ["plan"])).code).toBe(2);
  });

  test.each([
    ["yes", 0],
    ["y", 1],
    ["", 1],
  ])("at a terminal, the answer %j ends in %i", async (types, code) => {
    const directory = project({ one: stack(1) });
    const ran = await infra(directory, ["apply"], { types });
    expect(ran.code).toBe(code);
    expect((await infra(directory, ["plan"])).code).toBe(code === 0 ? 0 : 2);
  });

  test("says that there is nothing to do", async () => {
    const directory = project({ one: stack(1) });
    await infra(directory, ["apply", "--yes"]);
    const { code, stderr } = await infra(directory, ["apply"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Nothing to do: everything is as declared.");
  });

  test("leaves the other stacks alone when one is named", async () => {
    const directory = project({ one: stack(1), two: stack(2) });
    await infra(directory, ["apply", "--yes", "two"]);
    expect((await infra(directory, ["plan", "one"])).code).toBe(2);
    expect((await infra(directory, ["plan", "--stack", "two"])).code).toBe(0);
  });

  test("says what was done and what was not when a resource fails, and the next run finishes", async () => {
    const failing = (command: string) => ({
      resource: {
        terraform_data: {
          first: { input: 1 },
          second: { depends_on: ["terraform_data.first"], provisioner: [{ "local-exec": { command } }] },
        },
      },
    });
    const directory = project({ one: failing("exit 3") });
    const { code, stdout } = await infra(directory, ["apply", "--yes"]);
    expect(code).toBe(1);
    expect(stdout).toContain("one: failed; 1 resource changed, 1 not");
    expect(stdout).toContain("  done      terraform_data.first (create)\n  not done  terraform_data.second");
    expect(stdout).toContain("exit status 3");
    edit(directory, { one: failing("true") });
    expect((await infra(directory, ["apply", "--yes"])).code).toBe(0);
  });
});

test("Ctrl-C ends in 130 and leaves no plan file behind", async () => {
  const plans = () => readdirSync(tmpdir()).filter((name) => name.startsWith("infra-plan-"));
  const before = plans();
  const directory = project({ one: stack(1) });
  const { code } = await infra(directory, ["plan"], { interrupt: AbortSignal.abort() });
  expect(code).toBe(130);
  expect(plans().filter((name) => !before.includes(name))).toEqual([]);
});

test("on a terminal the verdict has a colour, with NO_COLOR it has none", async () => {
  const directory = project({ one: stack(1) });
  const coloured = await infra(directory, ["plan"], { types: "", env: { NO_COLOR: "" } });
  expect(coloured.stdout).toContain("\u001b[1mone\u001b[22m");
  const plain = await infra(directory, ["plan"], { types: "", env: { NO_COLOR: "1" } });
  expect(plain.stdout).not.toContain("\u001b");
});

test("check refuses an entry of drift-ignore.yaml that is not as it should be", async () => {
  const directory = project({ one: stack(1) });
  writeFileSync(join(directory, "drift-ignore.yaml"), "- {kind: forget}\n");
  const { code, stderr } = await infra(directory, ["check"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("[config/drift-ignore]") });
});
