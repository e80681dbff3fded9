/** Stack directories as synth leaves them, the real Terraform in each, and the real flyctl with the rendered files, on one sandbox. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { App } from "cdktf";
import { z } from "zod";
import type { AppShape } from "../../config/app-shape";
import { FlyApp } from "../../constructs/fly/fly-app";
import { FlyStack } from "../../constructs/fly/fly-stack";
import { declaredIn } from "../../ops/declared";
import { sandboxEnvironment } from "../../ops/sandbox/environment";
import type { HostedProvider } from "../../provider/plugin/host";
import type { AppRow, MachineRow } from "../../sandbox/row";
import { synthesize } from "../../synth/synthesize";
import { hostFor } from "../lifecycle/hosted";
import { type Bench, createBench, type Outcome } from "./flyctl";

/** What a plan would do: names of the attributes that differ, by address; `import` stands for one that is only imported. */
export type Changes = Readonly<Record<string, readonly string[]>>;

/** One stack and its one app. */
export interface Stack {
  readonly app: string;
  /** Runs `terraform plan` in the stack directory. `code` is that of -detailed-exitcode. @throws when it fails */
  plan(): Promise<{ readonly code: number | null; readonly text: string; readonly changes: Changes }>;
  /** @throws when it fails */
  apply(): Promise<void>;
  /** Makes the app with flyctl alone, with a value for each declared secret; Terraform knows nothing of it. */
  createByFlyctl(): Promise<void>;
  /** Makes the next plan import everything that is declared. Addresses are found by their type. */
  importAll(): void;
  fly(...args: readonly string[]): Promise<Outcome>;
  /** `flyctl deploy` with the rendered file. @param image a tag of the app's own repository, or a whole reference */
  deploy(image: string, ...flags: readonly string[]): Promise<Outcome>;
  /** Those that are there, the oldest first. */
  machines(): readonly MachineRow[];
  /** "2 failed v3": version, status and tag; the oldest first. */
  releases(): readonly string[];
}

export interface Site {
  readonly bench: Bench;
  /** Runs main.ts. @returns a function that finds a stack of it, in its directory with `terraform init` behind it */
  hotDash(env: Readonly<Record<string, string>>): Promise<(stack: string) => Promise<Stack>>;
  /** Synthesizes a stack of its own for an app; `stack` has no part in names on Fly. */
  stack(stack: string, shape: AppShape & { readonly flyToml: string }): Promise<Stack>;
}

const root = join(__dirname, "..", "..");

/** @param options of the bench */
export async function createSite(flyctl: string, options: { behindMs?: number } = {}): Promise<Site> {
  const created = await createBench(flyctl, options);
  const hosts: HostedProvider[] = [];
  process.setMaxListeners(0); // each host has its own for the end of the process, and a site may have a dozen
  const close = async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await created.close();
  };
  const bench = { ...created, close };
  return {
    bench,
    async hotDash(env) {
      const folder = bench.folder("hotdash");
      const loader = pathToFileURL(require.resolve("tsx")).href;
      const args = ["--import", loader, join(root, "main.ts")];
      const more = { CDKTF_OUTDIR: join(folder, "cdktf.out"), ...env };
      const { code, output } = await run(process.execPath, args, { cwd: folder, env: { ...process.env, ...more } });
      if (code !== 0) throw new Error(`main.ts ended with ${code}:\n${output}`);
      return (stack) => open(bench, join(folder, "cdktf.out"), stack, hosts);
    },
    async stack(stack, shape) {
      const outdir = join(bench.folder(stack), "cdktf.out");
      const app = new App({ outdir });
      new FlyApp(new FlyStack(app, stack, { organization: "hotdash" }), "app", shape);
      synthesize(app, {});
      return open(bench, outdir, stack, hosts);
    },
  };
}

async function open(bench: Bench, outdir: string, stack: string, hosts: HostedProvider[]): Promise<Stack> {
  const directory = join(outdir, "stacks", stack);
  const { apps, secretSources } = declaredIn([{ name: stack, directory, dependencies: [] }]);
  const [app = ""] = apps;
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: directory,
    ...sandboxEnvironment({ url: bench.url, directory, secretSources, env: {} }),
  };
  const terraform = async (...args: readonly string[]) => {
    const outcome = await run("terraform", [...args, "-no-color"], { cwd: directory, env });
    if (outcome.code === 1) throw new Error(`terraform ${args[0]} of ${stack} failed:\n${outcome.output}`);
    return outcome;
  };
  const row = (): AppRow => {
    const found = bench.sandbox.control.state().apps.get(app);
    if (!found) throw new Error(`The sandbox has no app ${app}`);
    return found;
  };
  const file = fileOf(outdir, app);
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  await terraform("init");
  hosts.push(await hostFor(env));
  return {
    app,
    async plan() {
      const { code, output } = await terraform("plan", "-detailed-exitcode", "-out=plan");
      const changes = code === 0 ? {} : changesOf((await terraform("show", "-json", "plan")).output);
      return { code, text: output, changes };
    },
    async apply() {
      await terraform("apply", "-auto-approve");
    },
    async createByFlyctl() {
      const secrets = Object.values(resource.fly_secrets ?? {}).flatMap(({ sources = {} }) => Object.keys(sources));
      await bench.fly(["apps", "create", app, "--org", "hotdash"]);
      const { code, output } = await bench.fly(["secrets", "set", "-a", app, ...secrets.map((name) => `${name}=x`)]);
      if (code !== 0) throw new Error(output);
    },
    importAll() {
      const addresses = [...row().addresses.values()];
      const blocks = Object.entries(resource).flatMap(([type, all]) =>
        Object.entries(all).map(([name, one]) => {
          const part = one.group ?? addresses.find((address) => address.type === one.type)?.ip;
          return { to: `${type}.${name}`, id: part === undefined ? app : `${app}/${part}` };
        }),
      );
      writeFileSync(join(directory, "import.tf.json"), JSON.stringify({ import: blocks }));
    },
    fly: (...args) => bench.fly([...args, "-a", app]),
    deploy(image, ...flags) {
      const whole = image.includes("/") ? image : `registry.fly.io/${app}:${image}`;
      return bench.fly(["deploy", "-c", file, "-a", app, "--image", whole, "--dns-checks=false", ...flags]);
    },
    machines: () => [...row().machines.values()].filter(({ state }) => !["destroyed", "destroying"].includes(state)),
    releases: () =>
      row().releases.map(({ version, status, imageRef }) => `${version} ${status} ${imageRef.split(":").at(-1)}`),
  };
}

/** The rendered file that names the app. */
function fileOf(outdir: string, app: string): string {
  const folder = join(outdir, "files");
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ name }) => join(folder, name));
  const found = files.find((file) => readFileSync(file, "utf8").includes(`\napp = "${app}"\n`));
  if (found === undefined) throw new Error(`No fly.toml was rendered for ${app}`);
  return found;
}

function changesOf(text: string): Changes {
  const { resource_changes } = planJson.parse(JSON.parse(text));
  const acting = resource_changes.filter(
    ({ change }) => change.importing !== undefined || change.actions.some((action) => action !== "no-op"),
  );
  return Object.fromEntries(
    acting.map(({ address, change: { actions, before, after, after_unknown } }) => {
      if (actions.includes("no-op")) return [address, ["import"]];
      const names = Object.keys({ ...before, ...after, ...after_unknown }).sort();
      const differs = (name: string) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]);
      return [address, names.filter((name) => differs(name) || after_unknown[name] === true)];
    }),
  );
}

const values = z.record(z.string(), z.unknown());

const planJson = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: values.nullable(),
          after: values.nullable(),
          after_unknown: values,
          importing: z.unknown().optional(),
        }),
      }),
    )
    .default([]),
});

const resourceJson = z.object({
  group: z.string().optional(),
  type: z.string().optional(),
  sources: z.record(z.string(), z.unknown()).optional(),
});

const stackJson = z.object({ resource: z.record(z.string(), z.record(z.string(), resourceJson)) });

function run(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<Outcome>((done) => {
    execFile(program, args, { ...options, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      done({ code, output: `${stdout}${stderr}` });
    });
  });
}
