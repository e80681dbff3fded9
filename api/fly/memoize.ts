import type { FlyReader } from "./client";

/** A reader that remembers. `forget` drops what was read of an app (or `app/machine`), and every listing of an organization. */
export interface MemoizedReader extends FlyReader {
  forget(subject: string): void;
}

/**
 * Each read is made once, and its failure remembered too: a run that asks ten times for the machines of an app makes one call.
 * For one run of Terraform; after a write call `forget`.
 */
export function memoize(reader: FlyReader): MemoizedReader {
  const forgetters: ((owner: string) => void)[] = [];

  /** `of` says whose the answer is: the app's that is the first argument, the listings of an organization, or nobody's. */
  function once<A extends readonly [...unknown[]], T>(
    of: "app" | typeof organizationLists | typeof constants,
    read: (...args: A) => Promise<T>,
  ): (...args: A) => Promise<T> {
    const kept = new Map<string, Map<string, Promise<T>>>();
    forgetters.push((owner) => kept.delete(owner));
    return (...args) => {
      const owner = of === "app" ? String(args[0]) : of;
      const known = kept.get(owner) ?? new Map<string, Promise<T>>();
      kept.set(owner, known);
      const key = JSON.stringify(args);
      const same = known.get(key);
      if (same) return same;
      const made = read(...args);
      made.catch(() => {}); // whoever asked handles it; a rejection that nobody awaits any more is no crash
      known.set(key, made);
      return made;
    };
  }

  const { apps, machines, volumes, secrets, addresses, certificates, releases } = reader;
  return {
    apps: { find: once("app", apps.find), list: once(organizationLists, apps.list) },
    machines: {
      list: once("app", machines.list),
      find: once("app", machines.find),
      listOrganization: once(organizationLists, machines.listOrganization),
      events: once("app", machines.events),
    },
    volumes: { list: once("app", volumes.list), find: once("app", volumes.find) },
    secrets: { list: once("app", secrets.list) },
    addresses: { list: once("app", addresses.list) },
    certificates: { list: once("app", certificates.list), find: once("app", certificates.find) },
    releases: { list: once("app", releases.list) },
    logs: { list: reader.logs.list },
    metrics: { responses: reader.metrics.responses },
    regions: { list: once(constants, reader.regions.list) },
    tokens: { current: once(constants, reader.tokens.current) },
    organizations: { find: once(constants, reader.organizations.find) },
    forget(subject) {
      const [app = subject] = subject.split("/");
      for (const forgets of forgetters) {
        forgets(app);
        forgets(organizationLists);
      }
    },
  };
}

/** No app has these names: a name has no space. */
const organizationLists = "listings of an organization";
const constants = "what no write changes";
