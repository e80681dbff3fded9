/** A project whose stacks hold Fly's resources, a sandbox in this process, and `infra` over both, with real Terraform and the real provider. */

import { join } from "node:path";
import { createFly, type Fly } from "../../../api/fly";
import { createSandbox, type Sandbox } from "../../../sandbox";
import { providerBundle } from "../../../synth/provider-bundle";
import { completeStackDirectory } from "../../../synth/stack-directory";
import { edit, fakeProject, infra, type Ran, type RunOptions, remove } from "./project";

/** Resources by type and name, as in Terraform's JSON. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

export interface FlyProject {
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly url: string;
  /** As somebody who changes Fly behind Terraform's back. */
  readonly fly: Fly;
  infra(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Declares something else from now on. */
  declare(stacks: Readonly<Record<string, Resources>>): void;
  close(): Promise<void>;
}

/** @param stacks the resources of each stack; each is synthesized once, so that Terraform finds the provider in it */
export async function flyProject(stacks: Readonly<Record<string, Resources>>): Promise<FlyProject> {
  const sandbox = createSandbox({ limits: "off", timings: { appDeleteMs: 20, bootMs: 20 } });
  const { url, close } = await sandbox.listen(0);
  const directory = fakeProject(configured(stacks));
  const token = "fo1_sandbox_deploy";
  const addresses = { FLY_FLAPS_BASE_URL: url, FLY_API_BASE_URL: url, FLY_UIEX_BASE_URL: url };
  // The hosted provider reads this process's own variables.
  const before = { ...process.env };
  Object.assign(process.env, addresses, { FLY_API_TOKEN: token });
  const run: FlyProject["infra"] = (argv, options = {}) => infra(directory, argv, options);
  const bundle = providerBundle();
  await run(["releases", "none"]);
  for (const name of Object.keys(stacks))
    completeStackDirectory(join(directory, "cdktf.out", "stacks", name), { bundle });
  return {
    directory,
    sandbox,
    url,
    fly: createFly({ token, machinesUrl: url, graphqlUrl: url, uiexUrl: url }),
    infra: run,
    declare: (next) => edit(directory, configured(next)),
    async close() {
      process.env = before;
      await close();
      sandbox.close();
      remove(directory);
    },
  };
}

const configured = (stacks: Readonly<Record<string, Resources>>) =>
  Object.fromEntries(
    Object.entries(stacks).map(([stack, resource]) => [
      stack,
      {
        // Terraform takes no empty block.
        ...(Object.keys(resource).length > 0 && { resource }),
        provider: { fly: [{ organization: "hotdash", stack, local_state: true }] },
        terraform: { required_providers: { fly: { source: "registry.terraform.io/hotdash/fly", version: "0.1.0" } } },
      },
    ]),
  );

const ref = (expression: string): string => `\${${expression}}`;

/** An app with one group of one machine. */
export const app = (name: string, group: object = {}): Resources => ({
  fly_app: { app: { name } },
  fly_process_group: {
    web: {
      app: ref("fly_app.app.name"),
      group: "web",
      initial_image: "registry.fly.io/shop:v1",
      guest: { cpu_kind: "shared", cpus: 1, memory_mb: 512 },
      machines: { ord: { count: 1 } },
      ...group,
    },
  },
});
