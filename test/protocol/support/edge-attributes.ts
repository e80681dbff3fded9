import type { Attributes, Known } from "../../../provider/framework";
import * as a from "../../../provider/framework/attribute";

/** Every shape of attribute that Terraform knows, and every mode. */
export const thingAttributes = {
  id: a.string("computed", { doc: "Number of the thing." }),
  name: a.string("required", { doc: "Name; another one is another thing.", replace: true }),
  required: a.object("optional", shapes("required"), { doc: "Required shapes." }),
  optional: a.object("optional", shapes("optional"), { doc: "Optional shapes." }),
  computed: a.object("computed", shapes("computed"), { doc: "Computed shapes." }),
  kept: a.object("optional", shapes("optional+computed", { keep: true }), { doc: "Shapes that stay as they are." }),
  password: a.string("optional", { doc: "A secret that the state holds.", sensitive: true }),
  token: a.string("optional", { doc: "A secret that the state does not hold.", writeOnly: true }),
  token_version: a.number("optional", { doc: "Raise it to write the token again." }),
  vault: a.object(
    "optional",
    { key: a.string("optional", { doc: "Key.", writeOnly: true }), owner: a.string("optional", { doc: "Owner." }) },
    { doc: "A secret inside an object." },
  ),
  size_gb: a.number("optional+computed", { doc: "Size in GB.", default: 1 }),
  ratio: a.number("optional+computed", { doc: "A number that no binary fraction is.", default: 0.1 }),
  timeout: a.string("optional+computed", {
    doc: "A duration.",
    default: "1000ms",
    equal: (one, other) => milliseconds(one) === milliseconds(other),
    check: (value) =>
      /^\d+(ms|s)$/.test(value) ? undefined : `"${value}" is no duration; write 500ms or 2s. [edge/duration]`,
  }),
  twice: a.number("optional+computed", {
    doc: "Twice the size.",
    default: ({ size_gb }) => (typeof size_gb === "number" ? size_gb * 2 : 0),
  }),
  settings: a.object(
    "optional+computed",
    {
      level: a.number("optional+computed", { doc: "Level.", default: 3 }),
      checks: a.objectMap(
        "optional+computed",
        { path: a.string("optional+computed", { doc: "Path.", default: "/" }) },
        { doc: "Checks.", default: {} },
      ),
    },
    { doc: "Settings, all of them with defaults.", default: {} },
  ),
  zone: a.string("optional", { doc: "Where it lives.", replace: true }),
  revision: a.number("computed", { doc: "Counts the writes.", volatile: true }),
  divergence: a.map("computed", "string", { doc: "What differs from what is declared.", default: {} }),
} satisfies Attributes;

/** An object of the platform, as the provider stores it. */
export type Thing = Known<typeof thingAttributes>;

/** Every primitive and collection in one mode; the names begin with the mode. */
function shapes<M extends a.Mode>(mode: M, options: { readonly keep?: true } = {}) {
  const doc = `An attribute that is ${mode}.`;
  const nested = {
    label: a.string("required", { doc: "Label." }),
    note: a.string("optional", { doc: "Note." }),
    size: a.number("optional+computed", { doc: "Size.", default: 1 }),
    serial: a.string("computed", { doc: "Serial number, given at creation." }),
    deep: a.object("optional", { tags: a.set("optional", "string", { doc: "Tags." }) }, { doc: "Deeper." }),
  };
  const all = { doc, ...options };
  return {
    string: a.string(mode, all),
    number: a.number(mode, all),
    bool: a.bool(mode, all),
    list: a.list(mode, "string", all),
    set: a.set(mode, "number", all),
    map: a.map(mode, "bool", all),
    object: a.object(mode, nested, all),
    object_list: a.objectList(mode, nested, all),
    object_set: a.objectSet(mode, nested, all),
    object_map: a.objectMap(mode, nested, all),
  };
}

const milliseconds = (text: string) => Number.parseFloat(text) * (text.endsWith("ms") ? 1 : 1000);
