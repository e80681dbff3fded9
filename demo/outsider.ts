/** Somebody who changes Fly behind Terraform's back, through the same public API that flyctl uses. */
import { setTimeout } from "node:timers/promises";
import { loopbackOnly } from "../ops/sandbox/loopback";

interface Machine {
  readonly id: string;
  readonly state: string;
  readonly region: string;
  readonly config: Record<string, unknown> & {
    readonly guest?: Readonly<Record<string, unknown>>;
    readonly services?: readonly (Readonly<Record<string, unknown>> & { readonly checks?: readonly unknown[] })[];
  };
}

export interface Outsider {
  machines(app: string): Promise<readonly Machine[]>;
  /** Changes a machine's config as flyctl does: lease, update with the nonce, release. */
  update(app: string, machine: Machine, change: (config: Machine["config"]) => Machine["config"]): Promise<void>;
  create(app: string, body: object): Promise<Machine>;
  stop(app: string, machine: Machine): Promise<void>;
  setSecret(app: string, name: string, value: string): Promise<void>;
}

/** Sends again what was answered 429, after the time that Fly names: the plan before may have used up the reads of this second. */
async function patiently(send: () => Promise<Response>, tries = 5): Promise<Response> {
  const response = await send();
  if (response.status !== 429 || tries === 1) return response;
  await setTimeout(Number(response.headers.get("retry-after") ?? 1) * 1000);
  return patiently(send, tries - 1);
}

/** Calls the Machines API at `url`, which must be on this machine. */
export function createOutsider(url: string, token: string): Outsider {
  const base = loopbackOnly(url);
  async function call(method: string, path: string, body?: object, nonce?: string): Promise<unknown> {
    const response = await patiently(() =>
      fetch(`${base}/v1/apps/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          ...(nonce === undefined ? {} : { "fly-machine-lease-nonce": nonce }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
  const settled = (app: string, { id }: Machine, state: string) =>
    call("GET", `${app}/machines/${id}/wait?state=${state}&timeout=30`);
  return {
    machines: async (app) => (await call("GET", `${app}/machines`)) as readonly Machine[],
    async update(app, machine, change) {
      const path = `${app}/machines/${machine.id}`;
      const lease = (await call("POST", `${path}/lease?ttl=30`)) as { readonly data: { readonly nonce: string } };
      const { nonce } = lease.data;
      await call("POST", path, { config: change(machine.config) }, nonce);
      await settled(app, machine, "started");
      await call("DELETE", `${path}/lease`, undefined, nonce);
    },
    async create(app, body) {
      const machine = (await call("POST", `${app}/machines`, body)) as Machine;
      await settled(app, machine, "started");
      return machine;
    },
    async stop(app, machine) {
      await call("POST", `${app}/machines/${machine.id}/stop`, {});
      await settled(app, machine, "stopped");
    },
    async setSecret(app, name, value) {
      await call("POST", `${app}/secrets`, { values: { [name]: value } });
    },
  };
}
