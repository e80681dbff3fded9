import type { Machine } from "../../../api/fly";

/** Names for new machines of a group. */
export interface Names {
  /** "web-ord-1": the lowest free number. The same machines give the same name, so a create that is repeated finds its own. */
  next(region: string): string;
}

/** Names that no machine of the app has. Those that are being destroyed still hold theirs. */
export function namesOf(group: string, machines: readonly Machine[]): Names {
  const taken = new Set(machines.filter(({ state }) => state !== "destroyed").map(({ name }) => name));
  const prefix = group.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  return {
    next(region) {
      for (let number = 1; ; number += 1) {
        const name = `${prefix}-${region}-${number}`;
        if (taken.has(name)) continue;
        taken.add(name);
        return name;
      }
    },
  };
}
