/** A synthesized stack, applied as Terraform would: resource by resource, in this process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isObject, type Value } from "../../../provider/plugin/value";
import type { Stage } from "../../clients/stage";

const stackJson = z.object({ resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))) });

/** Resources of a stack by type and name. */
export type Resources = z.output<typeof stackJson>["resource"];

/** @param directory of the stack */
export const resourcesIn = (directory: string): Resources =>
  stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"))).resource;

const order = ["fly_app", "fly_secrets", "fly_ip_address", "fly_process_group", "fly_certificate", "fly_app_inventory"];

/** @throws what the provider throws, with everything before it done */
export async function applyResources(stage: Stage, resources: Resources): Promise<void> {
  const known = new Map<string, Value>();
  for (const type of order) {
    for (const [name, config] of Object.entries(resources[type] ?? {})) {
      const { values } = await stage.apply(type, resolved(config, known) as Record<string, unknown>);
      if (isObject(values))
        for (const [key, value] of Object.entries(values)) known.set(`${type}.${name}.${key}`, value);
    }
  }
}

/** References to attributes of what was applied before become their values. */
function resolved(value: unknown, known: ReadonlyMap<string, Value>): unknown {
  if (typeof value === "string") {
    const [, path] = /^\$\{(.+)\}$/.exec(value) ?? [];
    return path === undefined ? value : known.get(path);
  }
  if (Array.isArray(value)) return value.map((one) => resolved(one, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, known)]));
}
