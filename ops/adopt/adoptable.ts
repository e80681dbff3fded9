/** What of a synthesized stack exists on Fly already, and under which id Terraform takes it over. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { FlyReader } from "../../api/fly";
import type { Stack } from "../project";

export interface Adoptable {
  /** Terraform address. */
  readonly address: string;
  /** Import id; undefined: nothing like it exists, so an apply makes it. */
  readonly id: string | undefined;
}

const resource = z
  .object({
    name: z.string().optional(),
    app: z.string().optional(),
    group: z.string().optional(),
    type: z.string().optional(),
    hostname: z.string().optional(),
  })
  .loose();

const stackJson = z.object({ resource: z.record(z.string(), z.record(z.string(), resource)).default({}) });

/**
 * Every Fly resource that the stack declares, in the order in which it is to be taken over.
 *
 * @param open gives the client; not called for a stack without anything on Fly, which so needs no token
 */
export async function adoptables(open: () => FlyReader, { directory }: Stack): Promise<readonly Adoptable[]> {
  const { resource: declared } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  const apps = declared.fly_app ?? {};
  /** An app is named by a reference to its resource, or in full. */
  const appOf = (named = "") => apps[/^\$\{fly_app\.([\w-]+)\.name\}$/.exec(named)?.[1] ?? ""]?.name ?? named;
  const all = order.flatMap((type) =>
    Object.entries(declared[type] ?? {}).map(([name, values]) => ({ type, address: `${type}.${name}`, values })),
  );
  if (all.length === 0) return [];
  const fly = open();
  return Promise.all(
    all.map(async ({ type, address, values }) => ({
      address,
      id: await idOf(fly, type, { ...values, app: appOf(values.app ?? values.name) }),
    })),
  );
}

/** Those that others refer to come first. */
const order = [
  "fly_app",
  "fly_secrets",
  "fly_ip_address",
  "fly_process_group",
  "fly_certificate",
  "fly_app_inventory",
] as const;

type Values = z.infer<typeof resource> & { readonly app: string };

async function idOf(
  fly: FlyReader,
  type: (typeof order)[number],
  { app, group, type: kind, hostname }: Values,
): Promise<string | undefined> {
  if (!(await fly.apps.find(app))) return undefined;
  switch (type) {
    case "fly_app":
    case "fly_app_inventory":
      return app;
    case "fly_secrets":
      return (await fly.secrets.list(app)).length > 0 ? app : undefined;
    case "fly_ip_address": {
      const found = (await fly.addresses.list(app)).find((one) => typeOf(one) === kind);
      return found && `${app}/${found.ip}`;
    }
    case "fly_process_group": {
      const machines = await fly.machines.list(app);
      const has = machines.some(
        ({ config, state }) => state !== "destroyed" && config?.metadata?.fly_process_group === group,
      );
      return has ? `${app}/${group}` : undefined;
    }
    case "fly_certificate": {
      const has = (await fly.certificates.list(app)).some((one) => one.hostname === hostname);
      return has ? `${app}/${hostname}` : undefined;
    }
  }
}

/** Fly's list does not say the type: a dot is a v4 address, shared or not; fdaa: is the private network's. */
function typeOf({ ip, shared }: { readonly ip: string; readonly shared?: boolean }): string {
  if (ip.includes(".")) return shared ? "shared_v4" : "v4";
  return ip.startsWith("fdaa:") ? "private_v6" : "v6";
}
