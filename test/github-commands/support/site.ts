/** A project that governs the sandbox's repository, and `infra` over it: Terraform has nothing to do, so that what is tried is ours. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seal } from "../../../api/github/sealed-box";
import type { Governance } from "../../../config/governance-shape";
import { repository as configured } from "../../../config/repository";
import type { RepositoryShape } from "../../../config/repository-shape";
import { governance } from "../../../constructs/github/governance";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../../sandbox/index";
import { fakeProject, infra, type Ran, type RunOptions, remove } from "../../commands/support/project";

/** The token of the organization's owner. */
export const owner = "ghp_sandbox_admin";

export interface Site {
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly url: string;
  /** What the stack `github` declares. */
  readonly wanted: Governance;
  /** Asks GitHub's REST API as somebody; the answer's body. @throws Error for another status than 2xx */
  rest(method: string, path: string, body?: object, token?: string): Promise<unknown>;
  /** Runs `infra` with the owner's token. */
  infra(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Declares something else from now on. */
  declare(wanted: Governance): void;
  close(): Promise<void>;
}

/** Path of the repository in REST. */
export const own = "/repos/hotdash/hotdash";

/** A repository that is as declared, and a project that declares it. */
export async function createSite(
  changes: Partial<RepositoryShape> = {},
  options: Pick<SandboxOptions, "seed"> = {},
): Promise<Site> {
  const sandbox = createSandbox({ limits: "off", ...options });
  const { url, close } = await sandbox.listen();
  const directory = fakeProject({ github: {} });
  const wanted = governance({ ...configured, ...changes });
  const rest: Site["rest"] = async (method, path, body, token = owner) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/api/v3${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} to ${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const declare = (next: Governance) => {
    const files = join(directory, "cdktf.out", "files");
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, "infra.json"), JSON.stringify({ stacks: { github: { notes: [], github: next } } }));
  };
  declare(wanted);
  await govern(wanted, rest);
  return {
    sandbox,
    directory,
    url,
    wanted,
    rest,
    declare,
    infra: (argv, options = {}) => {
      const env = { GITHUB_BASE_URL: `${url}/`, GITHUB_TOKEN: owner, GH_TOKEN: "", FLY_API_TOKEN: "", ...options.env };
      return infra(directory, argv, { ...options, env });
    },
    async close() {
      await close();
      sandbox.close();
      remove(directory);
    },
  };
}

/** Makes the repository as declared, by hand. */
async function govern(wanted: Governance, rest: Site["rest"]): Promise<void> {
  const { settings, actions, rulesets, environments, labels, secrets } = wanted;
  const { visibility: _same, topics, archived: _not, ...plain } = settings;
  await rest("PATCH", own, plain);
  await rest("PUT", `${own}/topics`, { names: topics });
  await rest("PUT", `${own}/vulnerability-alerts`);
  await rest("PUT", `${own}/automated-security-fixes`);
  await rest("PUT", `${own}/actions/permissions`, actions.permissions);
  await rest("PUT", `${own}/actions/permissions/selected-actions`, actions.selected);
  await rest("PUT", `${own}/actions/permissions/workflow`, actions.workflow);
  for (const { name } of (await rest("GET", `${own}/labels`)) as { name: string }[]) {
    await rest("DELETE", `${own}/labels/${encodeURIComponent(name)}`);
  }
  for (const label of labels) await rest("POST", `${own}/labels`, label);
  await giveSecrets(secrets, `${own}/actions/secrets`, rest);
  for (const [name, environment] of Object.entries(environments)) {
    const { branches, tags, wait_timer, can_admins_bypass } = environment;
    const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
    await rest("PUT", `${own}/environments/${name}`, { wait_timer, can_admins_bypass, deployment_branch_policy });
    for (const branch of branches) {
      await rest("POST", `${own}/environments/${name}/deployment-branch-policies`, { name: branch, type: "branch" });
    }
    for (const tag of tags) {
      await rest("POST", `${own}/environments/${name}/deployment-branch-policies`, { name: tag, type: "tag" });
    }
    await giveSecrets(environment.secrets, `${own}/environments/${name}/secrets`, rest);
  }
  const { id } = (await rest("GET", "/orgs/hotdash/teams/break-glass")) as { id: number };
  for (const ruleset of rulesets) {
    const bypass_actors = ruleset.bypass_actors.map((actor) =>
      actor.actor_type === "Team" ? { actor_type: "Team", actor_id: id, bypass_mode: actor.bypass_mode } : actor,
    );
    await rest("POST", `${own}/rulesets`, { ...ruleset, bypass_actors });
  }
}

async function giveSecrets(names: readonly string[], path: string, rest: Site["rest"]): Promise<void> {
  const { key_id, key } = (await rest("GET", `${path}/public-key`)) as { key_id: string; key: string };
  const encrypted_value = await seal(key, "made up");
  for (const name of names.filter((one) => !one.endsWith("*"))) {
    await rest("PUT", `${path}/${name}`, { key_id, encrypted_value });
  }
}
