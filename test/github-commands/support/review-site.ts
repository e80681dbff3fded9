/** A project under review: what its base declares, pull requests on the sandbox's GitHub, and folders with what those declare. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { edit, type Ran } from "../../commands/support/project";
import { createSite, own, type Site } from "./site";

/** The token of the developer, who writes the pull requests. */
export const dev = "ghp_sandbox_dev";

/** What the base branch declares. */
export const base = { staging: { resource: { terraform_data: { web: { input: "a" } } } }, other: {} };

export interface ReviewSite {
  readonly site: Site;
  /** Gone with the site. */
  readonly folder: string;
  /** Opens a pull request of the developer's. */
  open(): Promise<{ readonly number: number; readonly sha: string; readonly branch: string }>;
  /** Adds a commit to a branch. @returns the commit */
  push(branch: string): Promise<string>;
  /** A folder as the synth of a pull request leaves it, with more files in it. */
  propose(stacks: Readonly<Record<string, object>>, more?: Readonly<Record<string, string>>): string;
  /** Runs `infra review`. */
  review(...argv: readonly string[]): Promise<Ran>;
  comments(number: number): Promise<readonly { readonly body: string; readonly user: { readonly login: string } }[]>;
  /** The newest status of a commit. */
  status(sha: string): Promise<unknown>;
  /** Every write so far, as `POST /statuses/SHA`. */
  writes(): readonly string[];
  close(): Promise<void>;
}

export async function createReviewSite(): Promise<ReviewSite> {
  const site = await createSite();
  const folder = mkdtempSync(join(tmpdir(), "infra-review-"));
  let pulls = 0;
  edit(site.directory, base);
  const push: ReviewSite["push"] = async (branch) => {
    const file = { message: "Write", content: Buffer.from(branch).toString("base64"), branch };
    const path = `${own}/contents/${branch}-${++pulls}.txt`;
    return ((await site.rest("PUT", path, file, dev)) as { commit: { sha: string } }).commit.sha;
  };
  return {
    site,
    folder,
    push,
    async open() {
      const branch = `change-${++pulls}`;
      const { object } = (await site.rest("GET", `${own}/git/ref/heads/main`)) as { object: { sha: string } };
      await site.rest("POST", `${own}/git/refs`, { ref: `refs/heads/${branch}`, sha: object.sha }, dev);
      const sha = await push(branch);
      const body = { title: "Change", head: branch, base: "main" };
      const { number } = (await site.rest("POST", `${own}/pulls`, body, dev)) as { number: number };
      return { number, sha, branch };
    },
    propose(stacks, more = {}) {
      const proposed = mkdtempSync(join(folder, "proposed-"));
      const put = (path: string, text: string) => {
        mkdirSync(dirname(join(proposed, path)), { recursive: true });
        writeFileSync(join(proposed, path), text);
      };
      for (const [name, json] of Object.entries(stacks)) {
        const backend = { local: { path: join(site.directory, `${name}.tfstate`) } };
        const terraform = { backend, ...("terraform" in json && json.terraform ? json.terraform : {}) };
        put(`stacks/${name}/cdk.tf.json`, JSON.stringify({ ...json, terraform }));
      }
      for (const [path, text] of Object.entries(more)) put(path, text);
      return proposed;
    },
    review: (...argv) => site.infra(["review", ...argv], { env: { GITHUB_REPOSITORY: "hotdash/hotdash" } }),
    comments: async (number) =>
      (await site.rest("GET", `${own}/issues/${number}/comments`)) as { body: string; user: { login: string } }[],
    status: async (sha) => ((await site.rest("GET", `${own}/commits/${sha}/statuses`)) as unknown[])[0],
    writes: () =>
      site.sandbox.control
        .journal()
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => {
          const part = path.replace(/^.*\/hotdash\/hotdash/, "");
          return `${method} ${part.replace(/[0-9a-f]{40}/, "SHA").replace(/\d+/, "N")}`;
        }),
    async close() {
      rmSync(folder, { recursive: true });
      await site.close();
    },
  };
}
