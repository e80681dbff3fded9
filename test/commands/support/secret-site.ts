/** A project with two apps and a repository on a sandbox, and `infra secrets` over it; what ends it looks for values everywhere. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFly, type Fly } from "../../../api/fly";
import { repository } from "../../../config/repository";
import { governance } from "../../../constructs/github/governance";
import { createSandbox, type Sandbox } from "../../../sandbox";
import { serialize } from "../../../sandbox/store";
import { fakeProject, infra, type Ran, type RunOptions, remove } from "./project";

const app = (name: string, prefix: string, more: object = {}) => ({
  resource: {
    fly_app: { web: { name } },
    fly_secrets: {
      web: { app: name, rotation_days: 90, sources: { DATABASE_URL: { env: [`${prefix}_DATABASE_URL`] }, ...more } },
    },
    fly_app_inventory: { web: { secrets: ["DATABASE_URL", "SHOPIFY_*"] } },
  },
});
const stacks = {
  production: app("hot-dash", "PRODUCTION"),
  staging: app("hotdash-staging", "STAGING", { API_KEY: { command: ["printenv", "KEY_OF_A_PROGRAM"] } }),
  github: {},
};

export interface SecretSite {
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly url: string;
  readonly fly: Fly;
  /** Runs `infra secrets`. */
  secrets(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Asks GitHub about the repository as its owner; the answer's body. @throws Error for another status than 2xx */
  github(method: string, path: string, body?: object): Promise<unknown>;
  /** Writes a file of the project. */
  put(path: string, text: string, mode?: number): void;
  /** Digests of a secret by place: equal ones are equal values. The sandbox opens what was sealed for it. */
  digests(name: string): Record<string, string | undefined>;
  /** What was written of secrets since the journal was cleared. */
  writes(): readonly string[];
  /** Ends it. @returns every text that holds a value: what was said, kept in files, or seen by the platforms beside the place it was meant for */
  close(): Promise<readonly string[]>;
}

/** Values that tests use begin with "canary". */
export async function createSecretSite(): Promise<SecretSite> {
  const sandbox = createSandbox({ limits: "off" });
  const { url, close } = await sandbox.listen();
  const directory = fakeProject(stacks);
  const fly = createFly({ token: "fo1_sandbox_deploy", machinesUrl: url, graphqlUrl: url, uiexUrl: url });
  let said = "";
  const row = () => {
    const [found] = [...sandbox.control.state().github.repositories.values()].filter(
      ({ settings }) => settings.name === "hotdash",
    );
    if (!found) throw new Error("the sandbox has no repository hotdash");
    return found;
  };
  const site: SecretSite = {
    sandbox,
    directory,
    url,
    fly,
    async secrets(argv, options = {}) {
      const ran = await infra(directory, ["secrets", ...argv], { ...options, env: { ...envFor(url), ...options.env } });
      said += ran.stdout + ran.stderr;
      return ran;
    },
    async github(method, path, body) {
      const headers = { authorization: "Bearer ghp_sandbox_admin" };
      const address = `${url}/api/v3/repos/hotdash/hotdash${path}`;
      const response = await fetch(address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} to ${method} ${path}: ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    put(path, text, mode = 0o600) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
    },
    digests(name) {
      const { apps } = sandbox.control.state();
      const all = [
        ...["hot-dash", "hotdash-staging"].map((one) => [one, apps.get(one)?.secrets.get(name)?.digest]),
        ["repository", row().secrets.get(name)?.digest],
        ...[...row().environments].map(([one, { secrets }]) => [`gh ${one}`, secrets.get(name)?.digest]),
      ];
      return Object.fromEntries(all.filter(([, digest]) => digest !== undefined));
    },
    writes: () =>
      sandbox.control
        .journal()
        .filter(({ method, path }) => method !== "GET" && path.includes("secret"))
        .map(({ method, path }) => `${method} ${path.replace(/^\/(api\/v3\/repos\/hotdash\/hotdash|v1\/apps)/, "")}`),
    async close() {
      const kept = readdirSync(directory, { recursive: true, encoding: "utf8" })
        .filter((name) => /^(\.infra|docs|cdktf\.out)/.test(name) && /\.(json|md)$/.test(name))
        .map((name) => readFileSync(join(directory, name), "utf8"));
      const seen = JSON.stringify(sandbox.control.journal()) + serialize(sandbox.control.state());
      await close();
      sandbox.close();
      remove(directory);
      return [said, ...kept, seen].filter((text) => /canary|Y2FuYXJ5/.test(text));
    },
  };
  await prepare(site);
  for (const name of [...row().secrets.keys()]) row().secrets.delete(name);
  return site;
}

/** Values that the shell of whoever runs the tests may have are no matter of theirs. */
const foreign = Object.keys(process.env).filter((name) => /^(STAGING|PRODUCTION|PREVIEW|REPOSITORY)_/.test(name));

const envFor = (url: string) => ({
  ...Object.fromEntries(foreign.map((name) => [name, ""])),
  FLY_API_TOKEN: "fo1_sandbox_deploy",
  FLY_FLAPS_BASE_URL: url,
  FLY_API_BASE_URL: url,
  FLY_UIEX_BASE_URL: url,
  GITHUB_BASE_URL: `${url}/`,
  GITHUB_TOKEN: "ghp_sandbox_admin",
  KEY_OF_A_PROGRAM: "canary-of-a-program",
});

/** Two apps, one machine, three GitHub environments, and their declaration. */
async function prepare({ fly, github, put }: SecretSite): Promise<void> {
  for (const name of ["hot-dash", "hotdash-staging"]) {
    await fly.apps.create({ name, org_slug: "hotdash", idempotency_key: name });
  }
  await fly.machines.create("hotdash-staging", { region: "ord", config: { image: "nginx" } });
  const { staging } = repository.environments;
  if (!staging) throw new Error("the configuration has no staging");
  const of = (...secrets: string[]) => ({ ...staging, secrets });
  const environments = { production: of("DATABASE_URL"), staging: of("DATABASE_URL"), preview: of("DATABASE_URL") };
  const wanted = governance({ ...repository, secrets: ["ZOHO_*", "SLACK_WEBHOOK_URL"], environments });
  for (const name of Object.keys(environments)) await github("PUT", `/environments/${name}`);
  put("cdktf.out/files/infra.json", JSON.stringify({ stacks: { github: { vault: "vault/**", github: wanted } } }));
}
