/** Previews on the sandbox: HotDash's own program, and one that only names its apps. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { declaredIn } from "../../../ops/declared";
import { type ProjectOptions, synthesize } from "../../../ops/project";
import { sandboxEnvironment } from "../../../ops/sandbox/environment";
import { createSandbox, type Sandbox } from "../../../sandbox";
import { infra, type Ran, type RunOptions, remove } from "./project";
import { type Resources, resourcesIn } from "./synthesized";

/** The repository of the pull requests. */
export const repository = "hotdash/hotdash";

export interface PreviewSite {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Runs `infra preview` over the program. */
  preview(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Names of all apps. */
  apps(): readonly string[];
  machines(): readonly { readonly config: { readonly metadata?: Readonly<Record<string, string>> } }[];
  /** Makes empty apps. */
  empty(names: readonly string[]): Promise<void>;
  fly(method: string, path: string, body?: object): Promise<Response>;
  /** Asks GitHub about the repository. */
  github(method: string, path: string, body?: object, token?: string): Promise<Record<string, unknown>>;
  /** @returns its number */
  openPullRequest(branch: string): Promise<number>;
  /** Texts of the comments on a pull request. */
  comments(number: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A program that only names its apps and their secrets: synthesized in no time, and never applied. */
const program = `
const { mkdirSync, writeFileSync } = require("node:fs");
const { CDKTF_OUTDIR: out, PREVIEW_NUMBER: number } = process.env;
const stacks = {};
const add = (name, app, prefix) => {
  const sources = Object.fromEntries(["DATABASE_URL", "API_KEY"].map((one) => [one, { env: [prefix + one] }]));
  const resource = { fly_app: { it: { name: app } }, fly_secrets: { it: { sources } } };
  mkdirSync(out + "/stacks/" + name, { recursive: true });
  const json = { provider: { fly: [{ organization: "hotdash" }] }, resource };
  writeFileSync(out + "/stacks/" + name + "/cdk.tf.json", JSON.stringify(json));
  stacks[name] = { name, workingDirectory: "stacks/" + name };
};
add("production", "hot-dash", "PRODUCTION_");
if (number) add("preview-" + number, "hotdash-pr-" + number, "STAGING_");
writeFileSync(out + "/manifest.json", JSON.stringify({ stacks }));
`;

/** A sandbox, and `infra` over the program that only names its apps. */
export async function createNamingSite(): Promise<PreviewSite> {
  const directory = mkdtempSync(join(tmpdir(), "infra-preview-"));
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node program.cjs" }));
  writeFileSync(join(directory, "program.cjs"), program);
  return siteIn(directory);
}

export interface HotDashSite extends PreviewSite {
  /** Folder with HotDash's program. */
  readonly directory: string;
  readonly project: ProjectOptions;
  /** Of the preview of pull request 9. */
  readonly resources: Resources;
}

/** A sandbox, and `infra` over HotDash's own program. Until it is closed this process's variables point at the sandbox, for the hosted provider. */
export async function createHotDashSite(): Promise<HotDashSite> {
  const root = join(__dirname, "..", "..", "..");
  const directory = mkdtempSync(join(tmpdir(), "infra-preview-"));
  const app = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" "${join(root, "main.ts")}"`;
  writeFileSync(join(directory, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
  const never = new AbortController().signal;
  const project = { directory, env: process.env, interruption: { soft: never, hard: never } };
  const stacks = await synthesize({ ...project, env: { ...process.env, PREVIEW_NUMBER: "9" } });
  const own = stacks.filter(({ name }) => name === "preview-9");
  const resources = resourcesIn(own[0]?.directory ?? "");
  const site = await siteIn(directory);
  const before = { ...process.env };
  const { secretSources } = declaredIn(own);
  Object.assign(process.env, sandboxEnvironment({ url: site.url, directory, secretSources, env: {} }));
  return {
    ...site,
    directory,
    project: { ...project, env: process.env },
    resources,
    async close() {
      process.env = before;
      await site.close();
    },
  };
}

async function siteIn(directory: string): Promise<PreviewSite> {
  const sandbox = createSandbox({ limits: "off" });
  const { url, close } = await sandbox.listen();
  const env = sandboxEnvironment({ url, directory, secretSources: [], env: {} });
  const fly: PreviewSite["fly"] = (method, path, body) =>
    fetch(url + path, {
      method,
      headers: { authorization: "Bearer fo1_sandbox_deploy" },
      ...(body && { body: JSON.stringify(body) }),
    });
  const github: PreviewSite["github"] = async (method, path, body, token = "ghp_sandbox_admin") => {
    const response = await fetch(`${url}/api/v3/repos/${repository}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<Record<string, unknown>>;
  };
  return {
    sandbox,
    url,
    preview: (argv, options = {}) =>
      infra(directory, ["preview", ...argv], { ...options, env: { ...env, ...options.env } }),
    apps: () => [...sandbox.control.state().apps.keys()].sort(),
    machines: () => [...sandbox.control.state().apps.values()].flatMap((app) => [...app.machines.values()]),
    async empty(names) {
      for (const name of names) await fly("POST", "/v1/apps", { name, org_slug: "hotdash" });
    },
    fly,
    github,
    async openPullRequest(branch) {
      const main = (await github("GET", "git/ref/heads/main")) as { object: { sha: string } };
      await github("POST", "git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
      const content = Buffer.from(branch).toString("base64");
      await github("PUT", `contents/${branch}.txt`, { message: branch, content, branch });
      const pull = await github("POST", "pulls", { title: branch, head: branch, base: "main", body: "" });
      return Number(pull.number);
    },
    async comments(number) {
      const all = (await github("GET", `issues/${number}/comments`)) as unknown as readonly { readonly body: string }[];
      return all.map(({ body }) => body);
    },
    async close() {
      await close();
      sandbox.close();
      remove(directory);
    },
  };
}
