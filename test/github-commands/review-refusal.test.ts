/** What a hostile pull request gets of `infra review`: nothing. */
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { base, createReviewSite, dev, type ReviewSite } from "./support/review-site";
import { own } from "./support/site";

const canary = "canary-7f3a9c";
let at: ReviewSite;
beforeAll(async () => {
  at = await createReviewSite();
});
afterAll(() => at.close());

describe("a pull request that", () => {
  let stub: string;
  let ran: string;
  beforeAll(() => {
    stub = join(at.folder, "terraform");
    ran = join(at.folder, "terraform-ran");
    writeFileSync(stub, `#!/bin/sh\nenv > ${ran}\nexit 1\n`);
    chmodSync(stub, 0o755);
  });
  const staging = base.staging;
  const more =
    (path: string, text = "") =>
    () =>
      at.propose({ staging }, { [path]: text });

  test.each<[string, string, () => string]>([
    [
      "prints its environment",
      "file",
      () => at.propose({ staging: { output: { x: { value: "$" + '{file("/proc/self/environ")}' } } } }),
    ],
    [
      "adds an external program",
      "data.external.x",
      () => at.propose({ staging: { data: { external: { x: { program: ["env"] } } } } }),
    ],
    [
      "swaps the provider",
      "required_providers.fly",
      () => at.propose({ staging: { terraform: { required_providers: { fly: { source: "evil/fly" } } } } }),
    ],
    [
      "runs a provisioner",
      "provisioner",
      () =>
        at.propose({
          staging: { resource: { terraform_data: { x: { provisioner: [{ "local-exec": { command: "env" } }] } } } },
        }),
    ],
    ["moves to HCP", "settings", () => at.propose({ staging: { terraform: { cloud: { organization: "evil" } } } })],
    ["adds a file of Terraform's", "stacks/staging/x.tf", more("stacks/staging/x.tf", 'data "external" "x" {}')],
    ["adds an override", "override.tf.json", more("stacks/staging/override.tf.json", "{}")],
    ["adds values", "terraform.tfvars.json", more("stacks/staging/terraform.tfvars.json", "{}")],
    ["brings packages", ".terraform", more("stacks/staging/.terraform/providers/x", "")],
    ["brings a plugin cache", "terraform.d", more("stacks/staging/terraform.d/plugins/x", "")],
    [
      "overrides a provider for development",
      ".terraformrc",
      more(".terraformrc", "provider_installation { dev_overrides {} }"),
    ],
    ["locks other packages", ".terraform.lock.hcl", more("stacks/staging/.terraform.lock.hcl", "")],
    ["is no JSON", "is no JSON", more("stacks/extra/cdk.tf.json", "resource {")],
    ["is no object", "is no JSON object", more("stacks/extra/cdk.tf.json", "[]")],
    ["nests without end", "deeper", more("stacks/extra/cdk.tf.json", `{"a":${"[".repeat(9_000)}${"]".repeat(9_000)}}`)],
    ["is absurdly large", "bytes", more("stacks/extra/cdk.tf.json", `{"a":"${"x".repeat(9_000_000)}"}`)],
    ["lies about the declaration", "infra.json", more("files/infra.json", '{"stacks":{"staging":{"notes":[1]}}}')],
    [
      "looks at another repository",
      "names a repository",
      more("files/infra.json", '{"stacks":{"staging":{"repository":{"owner":"evil","name":"x"}}}}'),
    ],
    [
      "links to a file",
      "no plain file",
      () => {
        const proposed = at.propose({ staging });
        mkdirSync(join(proposed, "files"));
        symlinkSync("/proc/self/environ", join(proposed, "files", "infra.json"));
        return proposed;
      },
    ],
    [
      "links to a folder",
      "no plain file",
      () => {
        const proposed = at.propose({ staging });
        symlinkSync("/etc", join(proposed, "stacks", "etc"));
        return proposed;
      },
    ],
  ])("%s gets nothing: it is told what is wrong, and Terraform never runs", async (_what, told, make) => {
    const env = { TERRAFORM_BINARY_NAME: stub, CANARY: canary };
    const { code, stdout, stderr } = await at.site.infra(["review", "--declared", make()], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Review: refused before it was planned: \d/);
    expect(stdout).toContain(told);
    expect(stdout).toContain("[infra/review-refused]");
    expect(stdout + stderr).not.toContain(canary);
    expect(existsSync(ran)).toBe(false);
  });
});

test("a refused one is told by a comment and a failure at its head; a copy of the comment by somebody else is let be", async () => {
  const { number, sha } = await at.open();
  await at.site.rest(
    "POST",
    `${own}/issues/${number}/comments`,
    { body: "<!-- infra:review -->\n### Infrastructure: fine" },
    dev,
  );
  const declared = at.propose({ staging: { data: { http: { "@hotdash/maintainers": { url: "x" } } } } });
  const { code } = await at.review("--declared", declared, "--pull-request", `${number}`, "--comment");
  expect(code).toBe(1);
  const [foreign, ours] = await at.comments(number);
  expect(foreign?.body).toContain("fine");
  expect(ours?.user.login).toBe("hotdash-owner");
  expect(ours?.body.split("\n").slice(0, 3).join("\n")).toMatch(
    /^<!-- infra:review -->\n### Infrastructure: refused before it was planned: 1 thing .*\n- `staging data\.http\.@hotdash\/maintainers`: /,
  );
  expect(await at.status(sha)).toMatchObject({ context: "infra/review", state: "failure" });
});
