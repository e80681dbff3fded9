/** `infra review` on the sandbox's GitHub: what a hostile pull request gets, which labels count, and what is written where. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createGithub, githubAddressFrom } from "../../api/github";
import { approvalsOf } from "../../ops/review/approval";
import { beginReview } from "../../ops/review/pull-request";
import { packageVersion } from "../../synth/package-root";
import { providerBundle } from "../../synth/provider-bundle";
import { completeStackDirectory } from "../../synth/stack-directory";
import { edit } from "../commands/support/project";
import { createSite, own, type Site } from "./support/site";

const dev = "ghp_sandbox_dev";
const canary = "canary-7f3a9c";
const folder = mkdtempSync(join(tmpdir(), "infra-review-"));
const environment = { ...process.env };
let site: Site;
let pulls = 0;

const base = { staging: { resource: { terraform_data: { web: { input: "a" } } } }, other: {} };

beforeAll(async () => {
  site = await createSite();
});
beforeEach(() => edit(site.directory, base));
afterAll(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true });
  await site.close();
});

/** Opens a pull request of the developer's. @returns its number and its head */
async function open(): Promise<{ readonly number: number; readonly sha: string; readonly branch: string }> {
  const branch = `change-${++pulls}`;
  const { object } = (await site.rest("GET", `${own}/git/ref/heads/main`)) as { object: { sha: string } };
  await site.rest("POST", `${own}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha }, dev);
  const sha = await push(branch);
  const body = { title: "Change", head: branch, base: "main" };
  const { number } = (await site.rest("POST", `${own}/pulls`, body, dev)) as { number: number };
  return { number, sha, branch };
}

async function push(branch: string): Promise<string> {
  const file = { message: "Write", content: Buffer.from(branch).toString("base64"), branch };
  const path = `${own}/contents/${branch}-${Date.now()}-${Math.random()}.txt`;
  return ((await site.rest("PUT", path, file, dev)) as { commit: { sha: string } }).commit.sha;
}

/** A folder as the synth of a pull request leaves it, with more files in it. */
function propose(stacks: Readonly<Record<string, object>>, more: Readonly<Record<string, string>> = {}): string {
  const proposed = mkdtempSync(join(folder, "proposed-"));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(proposed, path)), { recursive: true });
    writeFileSync(join(proposed, path), text);
  };
  for (const [name, json] of Object.entries(stacks)) {
    const terraform = { backend: { local: { path: join(site.directory, `${name}.tfstate`) } } };
    put(`stacks/${name}/cdk.tf.json`, JSON.stringify({ ...json, terraform: { ...terraform, ...settingsOf(json) } }));
  }
  for (const [path, text] of Object.entries(more)) put(path, text);
  return proposed;
}

const settingsOf = (json: object): object => ("terraform" in json && json.terraform ? json.terraform : {});
const infra = (...argv: readonly string[]) =>
  site.infra(["review", ...argv], { env: { GITHUB_REPOSITORY: "hotdash/hotdash" } });
const comments = async (number: number) =>
  (await site.rest("GET", `${own}/issues/${number}/comments`)) as { body: string; user: { login: string } }[];
const status = async (sha: string) =>
  (
    (await site.rest("GET", `${own}/commits/${sha}/statuses`)) as {
      context: string;
      state: string;
      description: string;
    }[]
  )[0];
const writes = () =>
  site.sandbox.control
    .journal()
    .filter(({ method }) => method !== "GET")
    .map(
      ({ method, path }) =>
        `${method} ${path
          .replace(/^.*\/hotdash\/hotdash/, "")
          .replace(/[0-9a-f]{40}/, "SHA")
          .replace(/\d+/, "N")}`,
    );

describe("a pull request that", () => {
  const stub = join(folder, "terraform");
  const ran = join(folder, "terraform-ran");
  beforeAll(() => {
    writeFileSync(stub, `#!/bin/sh\nenv > ${ran}\nexit 1\n`);
    chmodSync(stub, 0o755);
  });
  const staging = base.staging;
  const more =
    (path: string, text = "") =>
    () =>
      propose({ staging }, { [path]: text });

  test.each<[string, string, () => string]>([
    [
      "prints its environment",
      "file",
      () => propose({ staging: { output: { x: { value: "$" + '{file("/proc/self/environ")}' } } } }),
    ],
    [
      "adds an external program",
      "data.external.x",
      () => propose({ staging: { data: { external: { x: { program: ["env"] } } } } }),
    ],
    [
      "swaps the provider",
      "required_providers.fly",
      () => propose({ staging: { terraform: { required_providers: { fly: { source: "evil/fly" } } } } }),
    ],
    [
      "runs a provisioner",
      "provisioner",
      () =>
        propose({
          staging: { resource: { terraform_data: { x: { provisioner: [{ "local-exec": { command: "env" } }] } } } },
        }),
    ],
    ["moves to HCP", "settings", () => propose({ staging: { terraform: { cloud: { organization: "evil" } } } })],
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
        const proposed = propose({ staging });
        mkdirSync(join(proposed, "files"));
        symlinkSync("/proc/self/environ", join(proposed, "files", "infra.json"));
        return proposed;
      },
    ],
    [
      "links to a folder",
      "no plain file",
      () => {
        const proposed = propose({ staging });
        symlinkSync("/etc", join(proposed, "stacks", "etc"));
        return proposed;
      },
    ],
  ])("%s gets nothing: it is told what is wrong, and Terraform never runs", async (_what, told, make) => {
    const env = { TERRAFORM_BINARY_NAME: stub, CANARY: canary };
    const { code, stdout, stderr } = await site.infra(["review", "--declared", make()], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Review: refused before it was planned: \d/);
    expect(stdout).toContain(told);
    expect(stdout).toContain("[infra/review-refused]");
    expect(stdout + stderr).not.toContain(canary);
    expect(existsSync(ran)).toBe(false);
  });
});

test("a refused one is told by a comment and a failure at its head; a copy of the comment by somebody else is let be", async () => {
  const { number, sha } = await open();
  await site.rest(
    "POST",
    `${own}/issues/${number}/comments`,
    { body: "<!-- infra:review -->\n### Infrastructure: fine" },
    dev,
  );
  const declared = propose({ staging: { data: { http: { "@hotdash/maintainers": { url: "x" } } } } });
  const { code } = await infra("--declared", declared, "--pull-request", `${number}`, "--comment");
  expect(code).toBe(1);
  const [foreign, ours] = await comments(number);
  expect(foreign?.body).toContain("fine");
  expect(ours?.user.login).toBe("hotdash-owner");
  expect(ours?.body.split("\n").slice(0, 3).join("\n")).toMatch(
    /^<!-- infra:review -->\n### Infrastructure: refused before it was planned: 1 thing .*\n- `staging data\.http\.@hotdash\/maintainers`: /,
  );
  expect(await status(sha)).toMatchObject({ context: "infra/review", state: "failure" });
});

test("plans what changes and nothing else, keeps one comment, and writes nothing but that and its status", async () => {
  const { number, sha } = await open();
  const declared = propose({ staging: { resource: { terraform_data: { web: { input: "b" } } } }, other: {} });
  const before = writes().length;
  const args = ["--declared", declared, "--pull-request", `${number}`, "--commit", sha, "--comment"];
  const out = join(folder, "reviewed.json");
  const first = await infra(...args, "--json", "--out", out);
  expect(first.code).toBe(2);
  expect(JSON.parse(first.stdout)).toMatchObject({
    verdict: { state: "success", text: "1 resource changes in staging" },
    commit: sha,
    untouched: ["other"],
    stacks: [{ stack: "staging", outcome: "differs" }],
  });
  expect(existsSync(out)).toBe(true);
  expect(await status(sha)).toMatchObject({ state: "success", description: "1 resource changes in staging" });
  expect((await infra(...args)).code).toBe(2);
  expect(writes().slice(before)).toEqual([
    "POST /statuses/SHA",
    "POST /statuses/SHA",
    "POST /issues/N/comments",
    "POST /statuses/SHA",
    "POST /statuses/SHA",
  ]);
  const same = await infra("--declared", propose(base), "--pull-request", `${number}`, "--comment");
  expect(same).toMatchObject({ code: 0 });
  expect((await comments(number)).map(({ body }) => body.split("\n")[1])).toEqual([
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
  const directory = join(site.directory, "cdktf.out", "stacks", "production");
  /** The program of the base declares this from now on; what synth would leave beside it is there. */
  const declare = (json: object) => {
    edit(site.directory, { production: json });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(json));
    completeStackDirectory(directory, { bundle: providerBundle() });
  };
  declare(before);
  const addresses = { FLY_FLAPS_BASE_URL: site.url, FLY_API_BASE_URL: site.url, FLY_UIEX_BASE_URL: site.url };
  const env = { ...addresses, FLY_API_TOKEN: "fo1_sandbox_deploy", GITHUB_REPOSITORY: "hotdash/hotdash" };
  // The hosted provider reads this process's own variables.
  Object.assign(process.env, env);
  const run = (...argv: readonly string[]) => site.infra(argv, { env });
  expect(await run("apply", "--yes", "production")).toMatchObject({ code: 0 });

  const { number, sha } = await open();
  const declared = propose({ production: stack({}) });
  const out = join(folder, "agreed.json");
  const review = () => run("review", "--declared", declared, "--pull-request", `${number}`, "--comment", "--out", out);
  expect(await review()).toMatchObject({ code: 1 });
  const description = "waits for the labels approved-destroy and approved-production";
  expect(await status(sha)).toMatchObject({ state: "failure", description });
  await site.sandbox.control.advance(2_000);
  const labels = ["approved-destroy", "approved-production"];
  await site.rest("POST", `${own}/issues/${number}/labels`, { labels });
  expect(await review()).toMatchObject({ code: 2 });
  expect(await status(sha)).toMatchObject({ state: "success", description: "1 resource changes in production" });
  const [only, ...others] = await comments(number);
  expect(others).toEqual([]);
  expect(only?.body.split("\n").slice(0, 5).join("\n")).toContain("- **destroy** `production fly_ip_address.v6`: ");
  expect(only?.body).toContain("(https://fly.io/apps/review-shop/monitoring)");

  declare(stack({}));
  expect(await run("apply", "--yes", "--reviewed", out, "production")).toMatchObject({ code: 0 });
});

test("Terraform reads with the token that only reads, and the other one comments", async () => {
  const told = join(folder, "token");
  const stub = join(folder, "terraform-token");
  writeFileSync(stub, `#!/bin/sh\nenv | grep -E "^(GITHUB|GH|INFRA_READ)_TOKEN=" > ${told}\nexit 1\n`);
  chmodSync(stub, 0o755);
  const env = { TERRAFORM_BINARY_NAME: stub, INFRA_READ_TOKEN: "only-reads", GITHUB_REPOSITORY: "hotdash/hotdash" };
  const { number, sha } = await open();
  const declared = propose({ staging: {}, other: {} });
  const args = ["review", "--declared", declared, "--pull-request", `${number}`, "--comment"];
  expect(await site.infra(args, { env })).toMatchObject({ code: 1 });
  expect(readFileSync(told, "utf8").split("\n").filter(Boolean).sort()).toEqual([
    "GH_TOKEN=",
    "GITHUB_TOKEN=only-reads",
  ]);
  expect(await status(sha)).toMatchObject({ state: "failure", description: "could not be planned: staging" });
});

test("tells of a stack that is gone, and of one that is new", async () => {
  const { code, stdout } = await infra("--declared", propose({ other: {} }));
  expect({ code, stdout }).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("not destroyed by an apply: staging"),
  });
});

test("asks for what it needs, and touches nothing without it", async () => {
  const { number } = await open();
  const declared = ["--declared", propose(base)];
  const said = async (...argv: readonly string[]) => (await infra(...argv)).stderr;
  expect(await said()).toContain("[infra/review-declared]");
  expect(await said("--declared", join(folder, "nowhere"))).toContain("[infra/review-declared]");
  expect(await said(...declared, "--comment")).toContain("[infra/review-pull]");
  expect(await said(...declared, "--pull-request", "9999")).toContain("[infra/review-pull]");
  expect(await said(...declared, "--pull-request", `${number}`, "--commit", "a".repeat(40))).toContain(
    "[infra/review-stale]",
  );
  expect(await said(...declared, "--pull-request", `${number}`, "--repository", "x")).toContain("[infra/repository]");
});

describe("the label approved-destroy", () => {
  const needed = [{ label: "approved-destroy", why: "it destroys" }];
  const github = () =>
    createGithub({ ...githubAddressFrom({ GITHUB_BASE_URL: site.url }), token: "ghs_sandbox_actions" });
  const begun = async (number: number) => {
    const repository = github().repository("hotdash", "hotdash");
    return beginReview({ github: github(), repository, number, commit: undefined, comment: true });
  };
  const label = (number: number, token?: string) =>
    site.rest("POST", `${own}/issues/${number}/labels`, { labels: ["approved-destroy"] }, token);
  const outcome = async (number: number) => {
    const [one] = await approvalsOf(needed, (await begun(number)).approvable);
    return `${one?.outcome}: ${one?.text}`;
  };
  const later = () => site.sandbox.control.advance(2_000);

  test("is asked for, counts by whom it was given, and no longer after the next push", async () => {
    const { number, branch } = await open();
    expect(await outcome(number)).toMatch(/^missing: Somebody who may write .* not `hotdash-dev`, its author,/);
    await later();
    await label(number);
    expect(await outcome(number)).toMatch(/^given: By `hotdash-owner`/);
    await later();
    await push(branch);
    expect(await outcome(number)).toMatch(/^void: It was given before the newest commit\. Take it away\./);
    await site.rest("DELETE", `${own}/issues/${number}/labels/approved-destroy`);
    expect(await outcome(number)).toMatch(/^missing/);
    await later();
    await label(number);
    expect(await outcome(number)).toMatch(/^given/);
  });

  test("does not count by the author, nor by who may not write", async () => {
    const { number } = await open();
    await begun(number);
    await label(number, dev);
    expect(await outcome(number)).toContain("void: `hotdash-dev` gave it and is the author.");
    const other = await open();
    await begun(other.number);
    await label(other.number, "ghs_sandbox_infra");
    expect(await outcome(other.number)).toContain("void: `hotdash-infra[bot]` gave it and may not write here.");
  });

  test("is not dated by a report that somebody else made, nor by one about another pull request", async () => {
    const { number, sha } = await open();
    const target_url = `https://github.com/hotdash/hotdash/pull/${number}`;
    await site.rest("POST", `${own}/statuses/${sha}`, { state: "pending", context: "infra/review", target_url }, dev);
    await later();
    await label(number);
    await later();
    expect(await outcome(number)).toMatch(/^void: It was given before/);
  });
});
