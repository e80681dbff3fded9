import type { FlyReader, Machine, Release, Volume } from "../../../api/fly";
import { isLive, unlessGone } from "../ownership";
import type { ProcessGroup } from "./attributes";
import type { Sight } from "./divergence";
import { boundsOf, inRegion, membersOf } from "./member";
import type { Memory } from "./memory";

/** What one look at the app showed, the group's part and the whole. */
export interface AppSight extends Sight {
  readonly machines: readonly Machine[];
}

/** What a look needs of the group. */
type Looked = Pick<ProcessGroup, "app" | "group"> & Partial<ProcessGroup>;

/**
 * Reads the group with one listing per kind of object; undefined: the app is gone.
 *
 * A list may lag behind: a member of before that it lacks is asked for by its id before it counts as missing.
 */
export async function look(
  fly: FlyReader,
  group: Looked,
  { stack, memory, whole }: { readonly stack: string | undefined; readonly memory: Memory; readonly whole: boolean },
): Promise<AppSight | undefined> {
  const listed = await unlessGone(fly.machines.list(group.app));
  if (!listed) return undefined;
  const machines = await withLagging(fly, group, listed, memory);
  const members = membersOf(machines, group, { stack, known: memory.members });
  const mounts = whole || group.mount !== undefined || members.some((one) => (one.config?.mounts ?? []).length > 0);
  const outside = whole || group.initial_image !== undefined;
  const [volumes, releases] = await Promise.all([
    mounts ? fly.volumes.list(group.app) : ([] as readonly Volume[]),
    outside ? fly.releases.list(group.app) : ([] as readonly Release[]),
  ]);
  return { machines, members, volumes, releases };
}

async function withLagging(fly: FlyReader, group: Looked, listed: readonly Machine[], memory: Memory) {
  const ids = new Set(listed.map(({ id }) => id));
  const absent = memory.members.filter((id) => !ids.has(id));
  const members = membersOf(listed, group, { stack: undefined, known: memory.members });
  const short = Object.entries(group.machines ?? {}).some(
    ([region, count]) => inRegion(members, region).there.length < boundsOf(count).least,
  );
  if (!short) return listed;
  const found = await Promise.all(absent.map((id) => fly.machines.find(group.app, id)));
  return [...listed, ...found.filter((one): one is Machine => one !== undefined && isLive(one))];
}
