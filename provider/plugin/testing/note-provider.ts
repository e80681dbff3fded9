import { decodeJson, decodeValue, encodeValue } from "../dynamic-value";
import type { OpenSession, ProviderService } from "../service";
import type { DynamicValue, Schema, SchemaAttribute } from "../tfplugin6";
import { isObject, type ObjectValue, unknown, type Value } from "../value";

/** What a test may look into or hold up. */
export interface NoteHooks {
  readonly onOpen?: () => void;
  /** A run was interrupted; told with the prefix that this run configured. */
  readonly onStop?: (prefix: string) => void;
  /** A session was closed. */
  readonly onAbort?: (prefix: string) => void;
  /** Awaited in the middle of an apply. */
  readonly duringApply?: (prefix: string, signal: AbortSignal) => Promise<void>;
}

/**
 * A provider without a cloud, for tests: a `note_note` keeps what it is told, computes an `id` and a list `echo` of its text
 * and id, of which a plan knows the first element only. The provider's `prefix` begins every id, so that a test sees whose
 * configuration was used. The data source `note_prefix` returns it.
 */
export function noteProvider(hooks: NoteHooks = {}): OpenSession {
  return ({ signal, progress }): ProviderService => {
    let prefix = "";
    hooks.onOpen?.();
    signal.addEventListener("abort", () => hooks.onAbort?.(prefix));
    return {
      getMetadata: async () => ({
        resources: [{ type_name: "note_note" }],
        data_sources: [{ type_name: "note_prefix" }],
      }),
      getProviderSchema: async () => ({
        provider: schema([attribute("prefix", "string", { optional: true })]),
        resource_schemas: { note_note: schema(noteAttributes) },
        data_source_schemas: { note_prefix: schema([attribute("value", "string", { computed: true })]) },
        server_capabilities: { plan_destroy: true, get_provider_schema_optional: true },
      }),
      validateProviderConfig: async () => ({}),
      validateResourceConfig: async ({ config }) => (object(config).text === "" ? { diagnostics: [emptyText] } : {}),
      validateDataResourceConfig: async () => ({}),
      async configureProvider({ config }) {
        const { prefix: given } = object(config);
        if (typeof given === "string") prefix = given;
        return {};
      },
      upgradeResourceState: async ({ raw_state }) => ({
        upgraded_state: wire(decodeJson(raw_state?.json ?? nullJson)),
      }),
      readResource: async ({ current_state, private: kept }) => ({ new_state: current_state, private: kept }),
      async planResourceChange({ prior_state, proposed_new_state }) {
        if (decodeValue(proposed_new_state) === null) return { planned_state: wire(null) };
        const proposed = object(proposed_new_state);
        const prior = object(prior_state);
        const id = prior.id ?? unknown;
        return {
          planned_state: wire({ ...proposed, id, echo: [proposed.text ?? null, id] }),
          planned_private: Buffer.from("planned"),
        };
      },
      async applyResourceChange({ planned_state, planned_private }) {
        if (decodeValue(planned_state) === null) return { new_state: wire(null) };
        const planned = object(planned_state);
        if (planned.text === "loud") console.log("the note loud goes to standard output");
        progress({ subject: `note ${String(planned.text)}`, message: "being written" });
        await hooks.duringApply?.(prefix, signal);
        const id = typeof planned.id === "string" ? planned.id : `${prefix}-${String(planned.text)}`;
        return { new_state: wire({ ...planned, id, echo: [planned.text ?? null, id] }), private: planned_private };
      },
      async importResourceState({ type_name, id }) {
        const text = id.slice(prefix.length + 1);
        const state = { id, text, share: null, tags: null, labels: null, marks: null, echo: [text, id] };
        return { imported_resources: [{ type_name, state: wire(state) }] };
      },
      moveResourceState: async ({ source_state }) => ({
        target_state: wire(decodeJson(source_state?.json ?? nullJson)),
      }),
      readDataSource: async () => ({ state: wire({ value: prefix }) }),
      getFunctions: async () => ({}),
      async stopProvider() {
        hooks.onStop?.(prefix);
        return {};
      },
    };
  };
}

const nullJson = Buffer.from("null");

const emptyText = {
  severity: "ERROR",
  summary: "Empty note",
  detail: "A note needs a text.",
  attribute: { steps: [{ attribute_name: "text" }] },
} as const;

const noteAttributes: readonly SchemaAttribute[] = [
  attribute("id", "string", { computed: true }),
  attribute("text", "string", { required: true, description: "What the note says." }),
  attribute("share", "number", { optional: true }),
  attribute("tags", ["list", "string"], { optional: true }),
  attribute("labels", ["map", "string"], { optional: true }),
  attribute("echo", ["list", "string"], { computed: true }),
  {
    name: "marks",
    optional: true,
    nested_type: {
      nesting: "LIST",
      attributes: [attribute("at", "number", { required: true }), attribute("why", "string", { optional: true })],
    },
  },
];

function schema(attributes: readonly SchemaAttribute[]): Schema {
  return { version: 0, block: { attributes } };
}

function attribute(name: string, type: unknown, rest: Partial<SchemaAttribute>): SchemaAttribute {
  return { name, type: Buffer.from(JSON.stringify(type)), ...rest };
}

function object(value: DynamicValue | undefined): ObjectValue {
  const decoded = decodeValue(value);
  return isObject(decoded) ? decoded : {};
}

function wire(value: Value): DynamicValue {
  return { msgpack: encodeValue(value) };
}
