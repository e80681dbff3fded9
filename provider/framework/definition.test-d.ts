import { expectTypeOf } from "expect-type";
import {
  type Attribute,
  bool,
  type Known,
  list,
  map,
  number,
  object,
  objectList,
  objectMap,
  set,
  string,
  type ValueOf,
} from "./attribute";
import { type AnyResource, type Context, defineResource } from "./definition";

const attributes = {
  id: string("computed", { doc: "" }),
  app: string("required", { doc: "", check: (app) => (app.length > 9 ? "too long" : undefined) }),
  size_gb: number("optional+computed", { doc: "", default: 1 }),
  on: bool("optional", { doc: "" }),
  zones: list("optional", "string", { doc: "" }),
  sizes: set("required", "number", { doc: "" }),
  env: map("optional", "string", { doc: "" }),
  guest: object(
    "required",
    { cpus: number("required", { doc: "" }), kind: string("optional", { doc: "" }) },
    { doc: "" },
  ),
  ports: objectList("optional", { port: number("required", { doc: "" }) }, { doc: "" }),
  checks: objectMap("optional", { path: string("optional", { doc: "" }) }, { doc: "" }),
};
type State = Known<typeof attributes>;

expectTypeOf<State["app"]>().toEqualTypeOf<string>();
expectTypeOf<State["id"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<State["size_gb"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<State["sizes"]>().toEqualTypeOf<readonly number[]>();
expectTypeOf<State["guest"]["cpus"]>().toEqualTypeOf<number>();
expectTypeOf<State["guest"]["kind"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<NonNullable<State["ports"]>[number]["port"]>().toEqualTypeOf<number>();
expectTypeOf<NonNullable<State["checks"]>["web"]>().toExtend<{ readonly path?: string | undefined }>();
expectTypeOf<ValueOf<(typeof attributes)["env"]>>().toEqualTypeOf<Readonly<Record<string, string>>>();
expectTypeOf(attributes.guest).toExtend<Attribute>();

interface Reader {
  find(app: string): State | undefined;
}
interface Writer extends Reader {
  put(state: State): void;
}

interface Settings {
  readonly stack: string;
}

const disk = defineResource({
  type: "edge_disk",
  summary: "A disk.",
  attributes,
  importKey: { format: "app", parse: (app) => ({ app }) },
  async read(reader: Reader, state, context) {
    expectTypeOf(state).toEqualTypeOf<State>();
    expectTypeOf(context.imported).toEqualTypeOf<boolean>();
    return reader.find(state.app);
  },
  async create(writer: Writer, plan, { settings }: Context<Settings>) {
    expectTypeOf(plan).toEqualTypeOf<State>();
    expectTypeOf(settings.stack).toEqualTypeOf<string>();
    writer.put(plan);
    return plan;
  },
  async delete() {},
});
expectTypeOf(disk).toExtend<AnyResource<Reader, Writer, Settings>>();

const base = { type: "t", summary: "", attributes, importKey: { format: "app", parse: () => undefined } };
const writes = { create: async (_: Writer, plan: State) => plan, delete: async () => {} };
defineResource<typeof attributes, Reader, Writer>({
  ...base,
  ...writes,
  // @ts-expect-error a read cannot write
  read: async (reader, state) => reader.put(state) ?? state,
});
defineResource<typeof attributes, Reader, Writer>({
  ...base,
  ...writes,
  // @ts-expect-error a read gives back what is required
  read: async () => ({ id: "d1" }),
});
// @ts-expect-error a check of a text is given a text
string("optional", { doc: "", check: (value: number) => `${value}` });
