/** The confirmation of how main is protected: asked by the real gh, and by ourselves where there is none. */
import { existsSync } from "node:fs";
import { createSite, own, type Site } from "./support/site";

const gh = process.env.GH && existsSync(process.env.GH) ? process.env.GH : undefined;

/** Who asks: gh, or nobody under that name. */
const askers: readonly (readonly [name: string, program: string | undefined, run: jest.It])[] = [
  ["gh (needs GH)", gh, gh ? test : test.skip],
  ["infra itself", "/no/such/gh", test],
];

let site: Site;
beforeAll(async () => {
  site = await createSite();
});
afterAll(() => site.close());

for (const [name, program, run] of askers) {
  const confirm = async (...more: string[]) => site.infra(["confirm", ...more], { env: { GH: program ?? "" } });

  run(`asked by ${name}: every field is as declared, and classic protection answers 404`, async () => {
    const { code, stdout, stderr } = await confirm();
    expect(stdout).toMatch(/^gh api repos\/hotdash\/hotdash\/rules\/branches\/main\n {2}ok +pull_request\./);
    expect(stdout).toMatch(/ok +required_status_checks\.checks\.lint +"app 15368"\n/);
    expect(stdout).toMatch(
      /\ngh api repos\/hotdash\/hotdash\/branches\/main\/protection\n {2}ok +protection +"none \(404\)"\n$/,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/(\d+) of \1 fields are as declared/) });
  });

  run(`asked by ${name}: a field that differs, a rule twice and the other mechanism are each named`, async () => {
    const [first] = (await site.rest("GET", `${own}/rulesets`)) as { id: number }[];
    const path = `${own}/rulesets/${first?.id}`;
    const before = (await site.rest("GET", path)) as { rules: { type: string; parameters: object }[] };
    const rules = before.rules.map((rule) =>
      rule.type === "pull_request"
        ? { ...rule, parameters: { ...rule.parameters, require_code_owner_review: false } }
        : rule,
    );
    await site.rest("PUT", path, { ...before, rules });
    const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
    const twin = { name: "twin", enforcement: "active", conditions, rules: [{ type: "deletion" }] };
    const { id } = (await site.rest("POST", `${own}/rulesets`, twin)) as { id: number };
    const nothing = { required_status_checks: null, required_pull_request_reviews: null, restrictions: null };
    await site.rest("PUT", `${own}/branches/main/protection`, { ...nothing, enforce_admins: true });

    const { code, stdout } = await confirm();
    await site.rest("PUT", path, before);
    await site.rest("DELETE", `${own}/rulesets/${id}`);
    await site.rest("DELETE", `${own}/branches/main/protection`);
    expect(code).toBe(2);
    expect(stdout).toMatch(/differs +pull_request\.require_code_owner_review +false, declared true/);
    expect(stdout).toContain(`deletion (again, in ruleset ${id})`);
    expect(stdout).toMatch(/differs +protection +"classic protection", declared "none \(404\)"/);
  });
}

test("a token that may not look ends in 1, and confirms nothing", async () => {
  const env = { GH: gh ?? "/no/such/gh", GITHUB_TOKEN: "ghp_wrong" };
  const { code, stdout, stderr } = await site.infra(["confirm"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/\[github\/(gh|unauthorized)\]/);
  expect(stderr).not.toContain("ghp_wrong");
});
