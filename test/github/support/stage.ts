import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App } from "cdktf";
import { repository as hotDash } from "../../../config/repository";
import type { RepositoryShape } from "../../../config/repository-shape";
import { GithubStack, type GithubStackProps } from "../../../constructs/github/github-stack";
import { GovernedRepository, type GovernedRepositoryProps } from "../../../constructs/github/governed-repository";
import type { RepositoryRow } from "../../../sandbox/github/row";
import { createSandbox, type Sandbox } from "../../../sandbox/index";
import type { Seed } from "../../../sandbox/seed";

/** What a run of Terraform left behind. */
export interface Outcome {
  readonly code: number | null;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** A sandbox, a stack directory, and Terraform with the real provider in it. */
export interface Stage {
  readonly sandbox: Sandbox;
  /** Folder of the stack. */
  readonly directory: string;
  /** Synthesizes a governed repository into the folder. */
  declare(
    change?: (shape: RepositoryShape) => RepositoryShape,
    props?: Partial<GovernedRepositoryProps> & Pick<GithubStackProps, "undecided">,
  ): void;
  terraform(...args: readonly string[]): Promise<Outcome>;
  /** Exit code 0, 1 or 2 and the plan. */
  plan(): Promise<Outcome>;
  apply(): Promise<Outcome>;
  /** Does what only a person can: every declared secret is there, and actions have to be pinned. */
  prepare(): Promise<void>;
  /** Remembers the repository, its teams and Terraform's state as they are; the result puts them back. */
  snapshot(): () => void;
  /** The repository as the sandbox keeps it. */
  row(): RepositoryRow;
  userId(login: string): number;
  /** Makes a classic branch protection rule. */
  protectClassic(pattern: string): void;
  /** Adds somebody to the break-glass team. */
  breakGlass(login: string): void;
  /** Asks GitHub's REST API about the repository, as its owner. */
  rest(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
}

/** The directory with the real providers: env `TF_PROVIDER_MIRROR`; undefined when there is none. */
export const findProviders = (): string | undefined => {
  const mirror = process.env.TF_PROVIDER_MIRROR;
  return mirror && existsSync(join(mirror, "registry.terraform.io/integrations/github/6.9.0")) ? mirror : undefined;
};

/** An approver that the sandbox knows, so that nothing is undecided. */
export const decided = (shape: RepositoryShape): RepositoryShape => {
  const { production, ...others } = shape.environments;
  if (!production) return shape;
  return { ...shape, environments: { production: { ...production, approvers: ["hotdash-dev"] }, ...others } };
};

export interface StageOptions {
  readonly seed?: Seed;
  /** Names of the GitHub environments, fewer being faster. @default all of HotDash's */
  readonly environments?: readonly string[];
}

/** Starts a sandbox and makes an empty stack folder. */
export async function openStage({ seed, environments }: StageOptions = {}): Promise<Stage> {
  const kept = Object.entries(hotDash.environments).filter(([name]) => environments?.includes(name) ?? true);
  const base = { ...hotDash, environments: Object.fromEntries(kept) };
  const root = mkdtempSync(join(tmpdir(), "governed-"));
  const sandbox = createSandbox({ limits: "off", ...(seed && { seed }) });
  const { url, close } = await sandbox.listen();
  const directory = join(root, "cdktf.out", "stacks", "github");
  const stateFile = join(root, "terraform.github.tfstate");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: root,
    GOGC: "400", // see ops/terraform.ts
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_CLI_CONFIG_FILE: join(root, "rc"),
    TF_PLUGIN_CACHE_DIR: undefined,
    GITHUB_BASE_URL: `${url}/`,
    GITHUB_TOKEN: "ghp_sandbox_admin",
    TF_VAR_github_write_delay_ms: "1",
  };
  writeFileSync(
    env.TF_CLI_CONFIG_FILE,
    `provider_installation {\n  filesystem_mirror { path = "${findProviders() ?? root}" }\n}\n`,
  );
  const stage: Stage = {
    sandbox,
    directory,
    declare(change = decided, { undecided = [], ...props } = {}) {
      const app = new App({ outdir: dirname(dirname(directory)) });
      const stack = new GithubStack(app, "github", { owner: "hotdash", undecided });
      new GovernedRepository(stack, "repository", { repository: change(base), ...props });
      app.synth();
    },
    async terraform(...args) {
      if (!existsSync(join(directory, ".terraform"))) {
        const { code, output } = await run("terraform", ["init", "-no-color"], directory, env);
        if (code !== 0) throw new Error(output);
      }
      return run("terraform", [...args, "-no-color"], directory, env);
    },
    plan: () => stage.terraform("plan", "-detailed-exitcode"),
    apply: () => stage.terraform("apply", "-auto-approve"),
    async prepare() {
      const give = (holder: Pick<RepositoryRow, "secrets"> | undefined, names: readonly string[]) => {
        const at = Date.now();
        for (const name of names.filter((one) => !one.endsWith("*"))) {
          holder?.secrets.set(name, { name, createdAt: at, updatedAt: at });
        }
      };
      give(stage.row(), base.secrets);
      for (const [name, { secrets }] of Object.entries(base.environments)) {
        await stage.rest("PUT", `/environments/${name}`);
        give(stage.row().environments.get(name), secrets);
      }
      stage.row().actions.shaPinning = base.actions.shaPinning;
    },
    snapshot() {
      const { teams } = sandbox.control.state().github;
      const before = structuredClone({ row: stage.row(), teams: [...teams.values()] });
      const state = readFileSync(stateFile);
      return () => {
        writeFileSync(stateFile, state);
        const { row, teams: all } = structuredClone(before);
        Object.assign(stage.row(), row);
        for (const team of all) teams.set(team.id, team);
      };
    },
    row() {
      const [row] = sandbox.control.state().github.repositories.values();
      if (!row) throw new Error("the sandbox has no repository");
      return row;
    },
    userId(login) {
      return sandbox.control.state().github.users.get(login)?.id ?? 0;
    },
    protectClassic(pattern) {
      stage.row().protections.set(pattern, classicRule(pattern));
    },
    breakGlass(login) {
      for (const team of sandbox.control.state().github.teams.values()) {
        if (team.slug === "break-glass") team.members.set(login, "member");
      }
    },
    async rest(method, path, body) {
      const full = path.startsWith("//") ? path.slice(1) : `/repos/hotdash/hotdash${path}`;
      const response = await fetch(`${url}/api/v3${full}`, {
        method,
        headers: { authorization: "Bearer ghp_sandbox_admin" },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    async close() {
      await close();
      sandbox.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  mkdirSync(directory, { recursive: true });
  return stage;
}

function classicRule(pattern: string) {
  const nobody = { users: [], teams: [], apps: [] };
  return {
    id: 4710,
    pattern,
    enforceAdmins: false,
    blockCreations: false,
    linearHistory: false,
    allowForcePushes: true,
    forcePushBypass: nobody,
    allowDeletions: false,
    conversationResolution: false,
    signatures: false,
    lockBranch: false,
    creator: "outsider",
  };
}

function run(binary: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: string) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
