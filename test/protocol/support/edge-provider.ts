import { Problem } from "../../../provider/framework";
import * as a from "../../../provider/framework/attribute";
import { type Context, defineDataSource, defineResource } from "../../../provider/framework/definition";
import { defineProvider } from "../../../provider/framework/provider";
import { type Thing, thingAttributes } from "./edge-attributes";

/** Reads the objects of a platform that a test can look into and change. */
export interface EdgeReader {
  get(name: string): Thing | undefined;
}

/** Reads and writes them. */
export interface EdgeWriter extends EdgeReader {
  put(thing: Thing): void;
  delete(name: string): void;
}

/** What the provider's own configuration says. */
interface EdgeSettings {
  readonly greeting: string;
}

/** A platform in memory, for a test to look into and to change behind the provider's back. */
export class Platform implements EdgeWriter {
  readonly things = new Map<string, Thing>();
  /** Write-only values of the last write, to see that they arrive. */
  received: { readonly token?: string | undefined; readonly key?: string | undefined } = {};

  get(name: string): Thing | undefined {
    return this.things.get(name);
  }

  put({ token, vault, ...thing }: Thing): void {
    this.received = { token, key: vault?.key };
    this.things.set(thing.name, { ...thing, ...(vault && { vault: { owner: vault.owner } }) });
  }

  delete(name: string): void {
    this.things.delete(name);
  }

  /** Changes a thing outside Terraform. */
  change(name: string, to: Partial<Thing>): void {
    const found = this.things.get(name);
    if (found) this.things.set(name, { ...found, ...to });
  }
}

/** A provider of one resource with every shape of attribute, one that is never replaced in parts, and a data source. */
export function edgeProvider(platform: Platform) {
  return defineProvider<typeof configuration, EdgeReader, EdgeWriter, EdgeSettings>({
    name: "edge",
    version: "1.2.3",
    summary: "Edge cases.",
    attributes: configuration,
    configure({ greeting = "hello" }) {
      if (greeting === "fail")
        throw new Problem({ summary: "No greeting", detail: "Say hello. [edge/greeting]", path: ["greeting"] });
      return { reader: platform, writer: platform, settings: { greeting } };
    },
    resources: [thing],
    dataSources: [lookup],
    describeError: (error) =>
      error instanceof PlatformError
        ? { summary: "The platform failed", detail: `${error.message} [edge/platform]` }
        : undefined,
  });
}

const configuration = { greeting: a.string("optional", { doc: "How it greets." }) };

/** An error from outside. */
class PlatformError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const thing = defineResource<typeof thingAttributes, EdgeReader, EdgeWriter, EdgeSettings>({
  type: "edge_thing",
  summary: "A thing that has every shape of attribute.",
  version: 1,
  attributes: thingAttributes,
  importKey: { format: "name", parse: (id) => (/^[a-z]+$/.test(id) ? { name: id } : undefined) },
  validate: ({ password, token }) =>
    typeof password === "string" && password === token
      ? [{ summary: "One secret twice", detail: "The password is the token. [edge/twice]", path: ["token"] }]
      : [],
  async plan(_, { action, prior }) {
    if (action !== "delete" || prior?.zone !== "protected") return;
    throw new Problem({
      summary: "Protected",
      detail: "Move it out of the zone first. [edge/protected]",
      path: ["zone"],
    });
  },
  async read(platform, { name }) {
    return platform.get(name);
  },
  async create(platform, plan, context) {
    if (platform.get(plan.name))
      throw new Problem({ summary: "Taken", detail: `"${plan.name}" is taken. [edge/taken]` });
    return write(platform, plan, { id: `thing-${plan.name}`, revision: 1 }, context);
  },
  async update(platform, plan, prior, context) {
    return write(platform, plan, { id: prior.id, revision: (prior.revision ?? 0) + 1 }, context);
  },
  async delete(platform, { name }) {
    platform.delete(name);
  },
  upgrades: { 0: ({ size, ...state }) => ({ ...state, size_gb: size }) },
});

function write(
  platform: EdgeWriter,
  plan: Thing,
  given: Pick<Thing, "id" | "revision">,
  { settings, progress, private: store }: Context<EdgeSettings>,
): Thing {
  progress(`${settings.greeting}, ${plan.name}`);
  store.set("written", given.revision);
  if (plan.zone === "down") throw new PlatformError("503 from the platform", 503);
  if (plan.zone === "buggy") throw new TypeError("thing is not a function");
  if (plan.zone === "half") {
    throw new Problem(
      { summary: "Half done", detail: "Only the size. [edge/half]" },
      { state: { ...plan, ...given, zone: "home" } },
    );
  }
  const written = {
    ...plan,
    ...given,
    computed: plan.computed ?? decidedShapes,
    ...(plan.zone === "stubborn" && { size_gb: 99 }),
  };
  platform.put(written);
  return written;
}

const decidedObject = { label: "label", size: 0.1, serial: "s-1", deep: { tags: ["b", "a"] } };

/** What the platform decides for computed attributes. */
const decidedShapes = {
  string: "",
  number: 0.1,
  bool: false,
  list: ["b", "a"],
  set: [2, 1],
  map: { yes: true },
  object: decidedObject,
  object_list: [decidedObject, { label: "other" }],
  object_set: [decidedObject],
  object_map: { one: decidedObject },
};

const lookupAttributes = {
  name: a.string("required", { doc: "Its name." }),
  exists: a.bool("computed", { doc: "Whether there is one." }),
  size_gb: a.number("computed", { doc: "Its size in GB." }),
};

const lookup = defineDataSource<typeof lookupAttributes, EdgeReader, EdgeSettings>({
  type: "edge_thing",
  summary: "A thing by its name.",
  attributes: lookupAttributes,
  async read(platform, { name }) {
    const found = platform.get(name);
    return { name, exists: found !== undefined, size_gb: found?.size_gb };
  },
});
