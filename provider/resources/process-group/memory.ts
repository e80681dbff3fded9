import type { Machine, Volume } from "../../../api/fly";
import type { PrivateState } from "../../framework";
import { volumeOf } from "./machine-config";
import { type ImageRecord, resolvedDigest } from "./wanted-image";

/** What a group remembers beside its state, in private state. */
export interface Memory {
  /** Image of the last apply. */
  readonly image?: ImageRecord;
  /** Machines of the group: one whose host does not answer may show nothing by which it could be known. */
  readonly members: readonly string[];
  /** Volumes that the group's machines have or had. */
  readonly volumes: readonly string[];
}

const key = "group";

/** What was remembered; nothing on create and after an import. */
export function recall(store: PrivateState): Memory {
  return store.get<Memory>(key) ?? { members: [], volumes: [] };
}

/**
 * Remembers machines as they are now: ids, volumes, and what their image resolved to. Volumes are added up: one without
 * a machine is still the group's.
 *
 * @param image what was applied; when left out, what the machines run
 */
export function remember(
  store: PrivateState,
  machines: readonly Machine[],
  { volumes, image = machines[0]?.config?.image }: { readonly volumes: readonly Volume[]; readonly image?: string },
): void {
  const digests = machines.flatMap((machine) => resolvedDigest(machine) ?? []);
  const mounted = machines.flatMap(
    (machine) => volumeOf(machine, volumes)?.id ?? machine.config?.mounts?.[0]?.volume ?? [],
  );
  store.set(key, {
    ...(image !== undefined && { image: { image, digests: [...new Set(digests)].sort() } }),
    members: machines.map(({ id }) => id).sort(),
    volumes: [...new Set([...recall(store).volumes, ...mounted])].sort(),
  });
}
