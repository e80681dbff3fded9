import type { PrivateState } from "../../framework";
import type { ImageRecord } from "./wanted-image";

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

/** Volumes are added up: a volume without a machine is still the group's. */
export function remember(store: PrivateState, { image, members, volumes }: Memory): void {
  const before = recall(store);
  const all = [...new Set([...before.volumes, ...volumes])].sort();
  store.set(key, { ...(image && { image }), members: [...members].sort(), volumes: all });
}
