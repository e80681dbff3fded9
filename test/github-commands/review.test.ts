/** `infra review` on the sandbox's GitHub: what is planned, what is written where, and the way to the apply of exactly that. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "../../synth/package-root";
import { providerBundle } from "../../synth/provider-bundle";
import { completeStackDirectory } from "../../synth/stack-directory";
import { edit } from "../commands/support/project";
import { base, createReviewSite, type ReviewSite } from "./support/review-site";
import { own } from "./support/site";

const environment = { ...process.env };
let at: ReviewSite;
beforeAll(async () => {
  at = await createReviewSite();
});
beforeEach(() => edit(at.site.directory, base));
afterAll(async () => {
  process.env = environment;
  await at.close();
});

test("plans what changes and nothing else, keeps one comment, and writes nothing but that and its status", async () => {
  const { number, sha } = await at.open();
  const declared = at.propose({ staging: { resource: { terraform_data: { web: { input: "b" } } } }, other: {} });
  const before = at.writes().length;
  const args = ["--declared", declared, "--pull-request", `${number}`, "--commit", sha, "--comment"];
  const out = join(at.folder, "reviewed.json");
  const first = await at.review(...args, "--json", "--out", out);
  expect(first.code).toBe(2);
  expect(JSON.parse(first.stdout)).toMatchObject({
    verdict: { state: "success", text: "1 resource changes in staging" },
    commit: sha,
    untouched: ["other"],
    stacks: [{ stack: "staging", outcome: "differs" }],
  });
  expect(existsSync(out)).toBe(true);
  expect(await at.status(sha)).toMatchObject({ state: "success", description: "1 resource changes in staging" });
  expect((await at.review(...args)).code).toBe(2);
  expect(at.writes().slice(before)).toEqual([
    "POST /statuses/SHA",
    "POST /statuses/SHA",
    "POST /issues/N/comments",
    "POST /statuses/SHA",
    "POST /statuses/SHA",
  ]);
  const same = await at.review("--declared", at.propose(base), "--pull-request", `${number}`, "--comment");
  expect(same).toMatchObject({ code: 0 });
  expect((await at.comments(number)).map(({ body }) => body.split("\n")[1])).toEqual([
    "### Infrastructure: nothing would be done",
  ]);
});

test("what destroys in production waits for two labels, and then apply does exactly that", async () => {
  const provider = { fly: [{ organization: "hotdash", stack: "production", local_state: false }] };
  const required_providers = { fly: { source: "registry.terraform.io/hotdash/fly", version: packageVersion() } };
  const stack = (address: object) => ({
    terraform: { required_providers },
    provider,
    resource: { fly_app: { web: { name: "review-shop" } }, ...address },
  });
  const app = "$" + "{fly_app.web.name}";
  const before = stack({ fly_ip_address: { v6: { app, type: "v6" } } });
  const directory = join(at.site.directory, "cdktf.out", "stacks", "production");
  /** The program of the base declares this from now on; what synth would leave beside it is there. */
  const declare = (json: object) => {
    edit(at.site.directory, { production: json });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(json));
    completeStackDirectory(directory, { bundle: providerBundle() });
  };
  declare(before);
  const addresses = { FLY_FLAPS_BASE_URL: at.site.url, FLY_API_BASE_URL: at.site.url, FLY_UIEX_BASE_URL: at.site.url };
  const env = { ...addresses, FLY_API_TOKEN: "fo1_sandbox_deploy", GITHUB_REPOSITORY: "hotdash/hotdash" };
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, env);
  const run = (...argv: readonly string[]) => at.site.infra(argv, { env });
  expect(await run("apply", "--yes", "production")).toMatchObject({ code: 0 });

  const { number, sha } = await at.open();
  const declared = at.propose({ production: stack({}) });
  const out = join(at.folder, "agreed.json");
  const review = () => run("review", "--declared", declared, "--pull-request", `${number}`, "--comment", "--out", out);
  expect(await review()).toMatchObject({ code: 1 });
  const description = "waits for the labels approved-destroy and approved-production";
  expect(await at.status(sha)).toMatchObject({ state: "failure", description });
  await at.site.sandbox.control.advance(2_000);
  const labels = ["approved-destroy", "approved-production"];
  await at.site.rest("POST", `${own}/issues/${number}/labels`, { labels });
  expect(await review()).toMatchObject({ code: 2 });
  expect(await at.status(sha)).toMatchObject({ state: "success", description: "1 resource changes in production" });
  const [only, ...others] = await at.comments(number);
  expect(others).toEqual([]);
  expect(only?.body.split("\n").slice(0, 5).join("\n")).toContain("- **destroy** `production fly_ip_address.v6`: ");
  expect(only?.body).toContain("(https://fly.io/apps/review-shop/monitoring)");

  declare(stack({}));
  expect(await run("apply", "--yes", "--reviewed", out, "production")).toMatchObject({ code: 0 });
});

test("Terraform reads with the token that only reads, and the other one comments", async () => {
  const told = join(at.folder, "token");
  const stub = join(at.folder, "terraform-token");
  writeFileSync(stub, `#!/bin/sh\nenv | grep -E "^(GITHUB|GH|INFRA_READ)_TOKEN=" > ${told}\nexit 1\n`);
  chmodSync(stub, 0o755);
  const env = { TERRAFORM_BINARY_NAME: stub, INFRA_READ_TOKEN: "only-reads", GITHUB_REPOSITORY: "hotdash/hotdash" };
  const { number, sha } = await at.open();
  const declared = at.propose({ staging: {}, other: {} });
  const args = ["review", "--declared", declared, "--pull-request", `${number}`, "--comment"];
  expect(await at.site.infra(args, { env })).toMatchObject({ code: 1 });
  expect(readFileSync(told, "utf8").split("\n").filter(Boolean).sort()).toEqual([
    "GH_TOKEN=only-reads",
    "GITHUB_TOKEN=only-reads",
  ]);
  expect(await at.status(sha)).toMatchObject({ state: "failure", description: "could not be planned: staging" });
});

test("tells of a stack that is gone, and of one that is new", async () => {
  const { code, stdout } = await at.review("--declared", at.propose({ other: {} }));
  expect({ code, stdout }).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("not destroyed by an apply: staging"),
  });
});

test("asks for what it needs, and touches nothing without it", async () => {
  const { number } = await at.open();
  const declared = ["--declared", at.propose(base)];
  const said = async (...argv: readonly string[]) => (await at.review(...argv)).stderr;
  expect(await said()).toContain("[infra/review-declared]");
  expect(await said("--declared", join(at.folder, "nowhere"))).toContain("[infra/review-declared]");
  expect(await said(...declared, "--comment")).toContain("[infra/review-pull]");
  expect(await said(...declared, "--pull-request", "9999")).toContain("[infra/review-pull]");
  expect(await said(...declared, "--pull-request", `${number}`, "--commit", "a".repeat(40))).toContain(
    "[infra/review-stale]",
  );
  expect(await said(...declared, "--pull-request", `${number}`, "--repository", "x")).toContain("[infra/repository]");
});
