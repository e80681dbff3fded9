import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { limits } from "./budget";
import type { Caller } from "./caller";
import type { Fenced, Fly, WaitOptions } from "./client";
import { FlyError } from "./error";
import { appPath, isMissing, reading, repeatable, unlessMissing, writing } from "./route";
import { arrayOf, isRecord, record, type Shape, textIn, textsIn, under } from "./shape";
import type { Lease, Machine, MachineEvent, OrganizationMachine, UpdateMachine } from "./types";

const machine = record<Machine>({ id: "string", state: "string", region: "string", instance_id: "string" });
const event = record<MachineEvent>({ type: "string", timestamp: "number" });
const organizationMachine = record<OrganizationMachine>({ id: "string", app_name: "string", version: "string" });
const lease = record<Lease>({ nonce: "string", expires_at: "number" });
/** The live service wraps a lease; its published document says that it does not. */
const leaseAnswer: Shape<Lease | { readonly data: Lease }> = (body): body is Lease | { readonly data: Lease } =>
  isRecord(body) && (lease(body) || lease(body.data));

const path = (app: string, ...below: readonly string[]) => appPath(app, "machines", ...below);
const subject = (app: string, id: string) => `${app}/${id}`;

export function machines(caller: Caller): Fly["machines"] {
  const act = (action: string, app: string, id: string, options: Fenced | undefined, body?: unknown) =>
    caller.send(
      repeatable(`machine.${action}`, subject(app, id), path(app, id, action), { nonce: options?.nonce, body }),
    );
  const get = (app: string, id: string) => {
    const counted = { action: "machine.get", subject: subject(app, id), limit: limits.readMachine };
    return caller.send(reading("machine.get", id, path(app, id), machine, { counted }));
  };

  return {
    list: (app) => caller.send(reading("machine.list", app, path(app), arrayOf(machine))),
    find: (app, id) => unlessMissing(get(app, id)),
    events: (app, id) =>
      caller.send(
        reading("machine.events", subject(app, id), path(app, id, "events"), arrayOf(event), { query: { limit: 50 } }),
      ),
    listOrganization,
    create: (app, body) =>
      caller.send(writing("machine.create", app, path(app), machine, { body, secrets: rawFiles(body) })),
    update,
    start: async (app, id, options) => {
      try {
        await act("start", app, id, options);
      } catch (error) {
        const running = error instanceof FlyError && error.kind === "precondition" && (await find(app, id));
        if (!running || !["starting", "started"].includes(running.state)) throw error;
      }
    },
    stop: async (app, id, { nonce, ...body } = {}) => {
      await act("stop", app, id, { nonce }, body);
    },
    restart: async (app, id, options) => {
      await act("restart", app, id, options);
    },
    cordon: async (app, id, options) => {
      await act("cordon", app, id, options);
    },
    uncordon: async (app, id, options) => {
      await act("uncordon", app, id, options);
    },
    delete: async (app, id, { nonce, force } = {}) => {
      // The documents say `force`, flyctl sends `kill`; what does not know one of them ignores it.
      const query = force ? { force: true, kill: true } : {};
      await unlessMissing(
        caller.send(repeatable("machine.delete", subject(app, id), path(app, id), { method: "DELETE", query, nonce })),
      );
    },
    wait,
    acquireLease,
    refreshLease: async (app, id, { nonce, ttlSeconds }) =>
      bare(
        await caller.send(
          writing("machine.lease", subject(app, id), path(app, id, "lease"), leaseAnswer, {
            nonce,
            query: { ttl: ttlSeconds },
            repeat: "any",
          }),
        ),
      ),
    releaseLease: async (app, id, { nonce }) => {
      try {
        await caller.send(
          repeatable("machine.releaseLease", subject(app, id), path(app, id, "lease"), { method: "DELETE", nonce }),
        );
      } catch (error) {
        // 403: the nonce has expired; 404: no lease, or no machine.
        if (!isMissing(error) && !(error instanceof FlyError && error.kind === "forbidden")) throw error;
      }
    },
    setMetadata: async (app, id, metadata) => {
      const body = { metadata };
      await caller.send(
        repeatable("machine.setMetadata", subject(app, id), path(app, id, "metadata"), { method: "PUT", body }),
      );
    },
  };

  async function find(app: string, id: string): Promise<Machine | undefined> {
    return unlessMissing(get(app, id));
  }

  async function listOrganization(organization: string) {
    // A machine that changes while the pages are read moves to the end and comes again.
    const found = new Map<string, OrganizationMachine>();
    const errorRegions = new Set<string>();
    const shape = under("machines", arrayOf(organizationMachine));
    let cursor: string | undefined;
    do {
      const page = await caller.send(
        reading("organization.machines", organization, `/v1/orgs/${encodeURIComponent(organization)}/machines`, shape, {
          query: { limit: 1000, cursor },
        }),
      );
      for (const one of page.machines) found.set(one.id, one);
      for (const region of textsIn(page, "error_regions")) errorRegions.add(region);
      cursor = textIn(page, "next_cursor");
    } while (cursor);
    return { machines: [...found.values()], error_regions: [...errorRegions] };
  }

  async function update(app: string, id: string, body: UpdateMachine, options: Fenced = {}): Promise<Machine> {
    const send = () =>
      caller.send(
        writing("machine.update", subject(app, id), path(app, id), machine, {
          body,
          nonce: options.nonce,
          secrets: rawFiles(body),
        }),
      );
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof FlyError) || !error.ambiguous) throw error;
      const live = await find(app, id);
      if (live && live.instance_id !== body.current_version && landed(live, body)) return live;
      // Not done yet: `current_version` lets the second attempt through only if the first never arrives.
      if (live?.instance_id === body.current_version) return settle(app, id, body, send);
      throw error;
    }
  }

  async function settle(app: string, id: string, body: UpdateMachine, again: () => Promise<Machine>): Promise<Machine> {
    try {
      return await again();
    } catch (error) {
      const live = error instanceof FlyError && error.kind === "precondition" ? await find(app, id) : undefined;
      if (live && live.instance_id !== body.current_version && landed(live, body)) return live;
      throw error;
    }
  }

  async function wait(app: string, id: string, { state, version, timeoutMs, signal }: WaitOptions): Promise<void> {
    const deadline = caller.clock.now() + timeoutMs;
    for (;;) {
      const seconds = Math.min(60, Math.max(1, Math.ceil((deadline - caller.clock.now()) / 1000)));
      try {
        const query = { state, version, timeout: seconds };
        const idleMs = (seconds + 15) * 1000;
        const counted = { action: "machine.wait", subject: subject(app, id), limit: limits.write };
        await caller.send(waiting(path(app, id, "wait"), { waits: true, query, counted, idleMs, signal }));
        return;
      } catch (error) {
        if (isMissing(error) && state === "destroyed") return;
        const again = error instanceof FlyError && error.status === 408 && !signal?.aborted;
        if (!again || caller.clock.now() >= deadline) throw error;
      }
    }
  }

  async function acquireLease(app: string, id: string, options: { ttlSeconds: number; description: string }) {
    const description = `${options.description} (${randomBytes(4).toString("hex")})`;
    const at = path(app, id, "lease");
    const query = { ttl: options.ttlSeconds };
    try {
      return bare(
        await caller.send(
          writing("machine.lease", subject(app, id), at, leaseAnswer, {
            query,
            body: { description, ttl: options.ttlSeconds },
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof FlyError) || !error.ambiguous) throw error;
      const held = await unlessMissing(caller.send(reading("machine.showLease", subject(app, id), at, leaseAnswer)));
      if (held && bare(held).description === description) return bare(held);
      throw error;
    }
  }
}

function waiting(at: string, rest: Parameters<typeof reading>[4]) {
  return reading("machine.wait", "", at, isRecord, rest);
}

function bare(answer: Lease | { readonly data: Lease }): Lease {
  return "data" in answer ? answer.data : answer;
}

/** What Fly does not rewrite is as it was sent. */
function landed(live: Machine, { config }: UpdateMachine): boolean {
  const { image, env = {}, metadata = {} } = config;
  const now = live.config;
  return (
    now !== null &&
    now.image === image &&
    isDeepStrictEqual(now.env ?? {}, env) &&
    isDeepStrictEqual(now.metadata ?? {}, metadata)
  );
}

function rawFiles(body: Pick<UpdateMachine, "config">): readonly string[] {
  return (body.config.files ?? []).flatMap(({ raw_value }) =>
    raw_value ? [raw_value, Buffer.from(raw_value, "base64").toString("utf8")] : [],
  );
}
