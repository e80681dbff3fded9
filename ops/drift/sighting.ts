/** What listings of whole organizations show: little of each app, but in two calls for all of them. */
import { createHash } from "node:crypto";
import type { FlyReader } from "../../api/fly";

/**
 * By app, a fingerprint of what is listed: the app's status and number of volumes, and of each machine its id, version, state, size,
 * image, metadata and the time of its last change. An app that is not listed has none.
 *
 * A machine in a region that did not answer is not listed, so that the fingerprint differs and its app is read.
 */
export type Sighting = Readonly<Record<string, string>>;

/** @throws FlyError, for one when the token is that of a single app */
export async function sightingOf(organizations: readonly string[], fly: FlyReader): Promise<Sighting> {
  const lines = new Map<string, string[]>();
  const add = (app: string, ...facts: readonly unknown[]) =>
    lines.set(app, [...(lines.get(app) ?? []), JSON.stringify(facts)]);
  await Promise.all(
    organizations.map(async (organization) => {
      const [apps, { machines }] = await Promise.all([
        fly.apps.list(organization),
        fly.machines.listOrganization(organization),
      ]);
      for (const { name, status, volume_count } of apps) add(name, status, volume_count);
      for (const { app_name, id, version, state, updated_at, config } of machines)
        add(app_name, id, version, state, updated_at, config);
    }),
  );
  return Object.fromEntries([...lines].map(([app, facts]) => [app, fingerprint(facts)]));
}

const fingerprint = (facts: readonly string[]): string =>
  createHash("sha256")
    .update([...facts].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
