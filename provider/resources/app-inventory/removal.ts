import type { Fly } from "../../../api/fly/client";
import type { Kind } from "./attribute";
import type { Holding } from "./survey";

/** What to type to remove one object by hand. */
export function removalCommand(app: string, { kind, name, members = [] }: Holding): string {
  const commands: Readonly<Record<Kind, string>> = {
    address: `fly ips release ${name}`,
    certificate: `fly certs remove ${name}`,
    group: `fly machine destroy --force ${members.join(" ")}`,
    machine: `fly machine destroy --force ${name}`,
    secret: `fly secrets unset ${name}`,
    volume: `fly volumes destroy ${name}`,
  };
  return `${commands[kind]} --app ${app}`;
}

/** Removes them: machines first, since a mounted volume cannot be. */
export async function remove(fly: Fly, app: string, holdings: readonly Holding[], progress: (step: string) => void) {
  const of = (...wanted: readonly Kind[]) => holdings.filter(({ kind }) => wanted.includes(kind));
  for (const { name, members = [name] } of of("group", "machine")) {
    for (const id of members) {
      progress(`machine ${id}: nobody declared it, destroying`);
      await destroyMachine(fly, app, id);
    }
  }
  const secrets = of("secret").map(({ name }) => name);
  if (secrets.length > 0) {
    progress(`secrets ${secrets.join(", ")}: nobody declared them, removing`);
    await fly.secrets.set(app, Object.fromEntries(secrets.map((name) => [name, null])));
  }
  for (const { name } of of("address")) await fly.addresses.release(app, name);
  for (const { name } of of("certificate")) await fly.certificates.delete(app, name);
  for (const { name } of of("volume")) await fly.volumes.delete(app, name);
}

/** Under a lease, so that nobody's deploy is in the middle of updating it; a lease of somebody else ends in its error. */
async function destroyMachine(fly: Fly, app: string, id: string): Promise<void> {
  const { nonce } = await fly.machines.acquireLease(app, id, {
    ttlSeconds: 30,
    description: "remove undeclared machine",
  });
  try {
    await fly.machines.delete(app, id, { nonce, force: true });
    await fly.machines.wait(app, id, { state: "destroyed", timeoutMs: 60_000 });
  } catch (error) {
    await fly.machines.releaseLease(app, id, { nonce });
    throw error;
  }
}
