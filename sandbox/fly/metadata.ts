import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { notFound, precondition } from "../error";
import type { MachineRow } from "../row";
import type { Env, World } from "../world";

const patchBody = z.strictObject({
  metadata: z.record(z.string(), z.string().nullable()),
  machine_version: z.string().nullish(),
  updated_at: z.string().nullish(),
});
const valueBody = z.strictObject({ value: z.string() });

/** Metadata of one machine: no lease is asked for, no new version comes of it, nothing restarts. */
export function metadataRoutes(world: World) {
  const set = (machine: MachineRow, changes: Readonly<Record<string, string | null>>) => {
    machine.config = withMetadata(machine, changes);
    machine.updatedAt = world.clock.now();
    world.store.touch();
  };
  return new Hono<Env>()
    .get("/", (c) => c.json(c.get("machine").config.metadata ?? {}))
    .on(["PUT", "PATCH"], "/", async (c) => {
      const machine = c.get("machine");
      const { metadata, machine_version } = await readBody(c, patchBody, { keepNulls: true });
      if (machine_version && machine_version !== machine.instanceId) {
        throw precondition(`machine ${machine.id} is at version ${machine.instanceId}, not ${machine_version}`);
      }
      set(machine, metadata);
      return c.body(null, 204);
    })
    .get("/:key", (c) => {
      const value = c.get("machine").config.metadata?.[c.req.param("key")];
      if (value === undefined) throw notFound(`metadata key "${c.req.param("key")}" not found`);
      return c.json({ value });
    })
    .post("/:key", async (c) => {
      set(c.get("machine"), { [c.req.param("key")]: (await readBody(c, valueBody)).value });
      return c.body(null, 204);
    })
    .delete("/:key", (c) => {
      set(c.get("machine"), { [c.req.param("key")]: null });
      return c.body(null, 204);
    });
}

/** The configuration with some metadata keys changed; null and the empty text remove one. */
function withMetadata(machine: MachineRow, changes: Readonly<Record<string, string | null>>): MachineRow["config"] {
  const { metadata: before, ...rest } = machine.config;
  const entries = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null && value !== "");
  const metadata = z.record(z.string(), z.string()).parse(Object.fromEntries(entries));
  return entries.length > 0 ? { ...rest, metadata } : rest;
}
