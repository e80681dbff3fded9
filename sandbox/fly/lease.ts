import type { Context } from "hono";
import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, forbidden, invalid, notFound } from "../error";
import type { LeaseRow, MachineRow } from "../row";
import { type Env, timestamp, type World } from "../world";

const nonceHeader = "fly-machine-lease-nonce";
/** Seconds of a lease for which none are asked. A guess: Fly does not say. */
const defaultTtlSeconds = 30;

const leaseBody = z.strictObject({ description: z.string().optional(), ttl: z.int().min(1).optional() });

/** Leases of one machine. @see fly docs machines/api/machines-resource (read 2026-08) */
export function leaseRoutes(world: World) {
  return new Hono<Env>()
    .post("/", async (c) => {
      const machine = c.get("machine");
      const body = await readBody(c, leaseBody);
      const ttlSeconds = queryTtl(c) ?? body.ttl ?? defaultTtlSeconds;
      const held = findLease(world, machine);
      const nonce = c.req.header(nonceHeader);
      if (nonce !== undefined && nonce !== held?.nonce) throw held ? heldBy(machine, held) : staleNonce(machine);
      if (held && nonce === undefined) throw heldBy(machine, held);
      const owner = c.get("principal").user;
      const lease = held ?? acquireLease(world, machine, { ttlSeconds, owner, description: body.description });
      lease.expiresAt = world.clock.now() + ttlSeconds * 1000;
      world.store.touch();
      return c.json(envelope(machine, lease), 201);
    })
    .get("/", (c) => {
      const lease = findLease(world, c.get("machine"));
      if (!lease) throw notFound("no lease on this machine");
      return c.json(envelope(c.get("machine"), lease));
    })
    .delete("/", (c) => {
      const machine = c.get("machine");
      const lease = findLease(world, machine);
      if (!lease || c.req.header(nonceHeader) !== lease.nonce) {
        throw forbidden(`lease nonce does not match the lease of machine ${machine.id}, or it has expired`);
      }
      delete machine.lease;
      world.store.touch();
      return c.json({ status: "success", data: { ok: true } });
    });
}

/** Puts a lease on a machine that has none. */
export function acquireLease(
  world: World,
  machine: MachineRow,
  { ttlSeconds, owner, description = "" }: { ttlSeconds: number; owner: string; description?: string },
): LeaseRow {
  const expiresAt = world.clock.now() + ttlSeconds * 1000;
  machine.lease = { nonce: world.ids.hex(12), expiresAt, owner, description };
  world.store.touch();
  return machine.lease;
}

/** The lease that holds now; one whose time is over counts as none. */
export function findLease(world: World, machine: MachineRow): LeaseRow | undefined {
  return machine.lease && machine.lease.expiresAt > world.clock.now() ? machine.lease : undefined;
}

/** Refuses (409) a change of a leased machine without its nonce. Without a lease the header is not looked at. */
export function requireNonce(world: World, c: Context<Env>): void {
  const machine = c.get("machine");
  const lease = findLease(world, machine);
  if (lease && c.req.header(nonceHeader) !== lease.nonce) throw heldBy(machine, lease);
}

function queryTtl(c: Context<Env>): number | undefined {
  const text = c.req.query("ttl");
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw invalid("ttl: expected a whole number of seconds");
  return Number(text);
}

function heldBy(machine: MachineRow, { owner, expiresAt }: LeaseRow): ApiError {
  const until = timestamp(expiresAt);
  return new ApiError(409, `machine ID ${machine.id} lease currently held by ${owner}, expires at ${until}`);
}

function staleNonce(machine: MachineRow): ApiError {
  return new ApiError(409, `machine ID ${machine.id} has no lease with this nonce; it may have expired`);
}

function envelope(machine: MachineRow, { nonce, expiresAt, owner, description }: LeaseRow) {
  const data = { nonce, expires_at: Math.floor(expiresAt / 1000), owner, description, version: machine.instanceId };
  return { status: "success", data };
}
