import { encodeValue } from "../../plugin/dynamic-value";
import type { Progress, ProviderService } from "../../plugin/service";
import type { Value } from "../../plugin/value";
import { type Attributes, map, number, string } from "../attribute";
import { defineResource } from "../definition";
import { defineProvider } from "../provider";

const doc = "";
/** Attributes of the disk. */
export const attributes = {
  id: string("computed", { doc }),
  app: string("required", { doc, replace: true }),
  size_gb: number("optional", { doc }),
  env: map("optional", "string", { doc }),
} satisfies Attributes;

/** A client that only reads. */
export interface Reader {
  readonly kind: string;
}
/** A client that writes too. */
export interface Writer extends Reader {
  write(): void;
}
type Disk = Parameters<typeof defineResource<typeof attributes, Reader, Writer, string>>[0];

/** Opens a session of a provider with one resource, whose handlers a test replaces. */
export async function open(
  handlers: Partial<Disk> = {},
  { configured = true, schema = attributes as Attributes } = {},
) {
  const disk = defineResource<typeof attributes, Reader, Writer, string>({
    type: "edge_disk",
    summary: "A disk.",
    version: 2,
    attributes,
    importKey: {
      format: "app/size_gb",
      parse: (id) => (id.includes("/") ? { app: id.split("/")[0] ?? "" } : undefined),
    },
    read: async (_, state) => state,
    create: async (_, plan) => ({ ...plan, id: "d1" }),
    update: async (_, plan) => plan,
    delete: async () => {},
    upgrades: {
      0: ({ size, ...state }) => ({ ...state, size_mb: Number(size) * 1024 }),
      1: ({ size_mb, ...state }) => ({ ...state, size_gb: Number(size_mb) / 1024 }),
    },
    ...handlers,
  });
  const provider = defineProvider<typeof configuration, Reader, Writer, string>({
    name: "edge",
    version: "1.0.0",
    summary: "Edge.",
    attributes: configuration,
    configure: ({ stack = "none" }) => ({
      reader: { kind: "reader" },
      writer: { kind: "writer", write: () => {} },
      settings: stack,
    }),
    resources: [{ ...disk, attributes: schema }],
    dataSources: [],
    describeError: (error, { name }) =>
      error instanceof Outside
        ? { summary: "Outside", detail: `${error.message} for ${name} [edge/outside]` }
        : undefined,
  });
  const closing = new AbortController();
  const steps: Progress[] = [];
  const service = await provider.openSession({ signal: closing.signal, progress: (step) => steps.push(step) });
  if (configured) await service.configureProvider({ ...no, terraform_version: "1.11.4", config: wire({ stack: "s" }) });
  return { service, closing, steps };
}
/** Attributes of the provider itself. */
export const configuration = { stack: string("optional", { doc }) };
/** An error that the provider knows to come from outside. */
export class Outside extends Error {}

/** What a request has and a test does not mind. */
export const no = {
  client_capabilities: undefined,
  provider_meta: undefined,
  private: new Uint8Array(),
  planned_private: new Uint8Array(),
  prior_private: new Uint8Array(),
};
/** A value as it stands in a request or an answer. */
export const wire = (value: Value) => ({ msgpack: encodeValue(value), json: undefined });
export const type_name = "edge_disk";
/** A disk, as it is. */
export const state = { id: "d1", app: "shop", size_gb: 1, env: null };
/** A disk, as it is to be. */
export const planned = { ...state, size_gb: 2 };

/** Refreshes. */
export const read = (service: ProviderService, current: Value = state, kept = new Uint8Array()) =>
  service.readResource({ ...no, type_name, current_state: wire(current), private: kept });
/** Plans from prior state to configuration. */
export const plan = (service: ProviderService, prior: Value, config: Value) =>
  service.planResourceChange({
    ...no,
    type_name,
    prior_state: wire(prior),
    config: wire(config),
    proposed_new_state: wire(config),
  });
/** Applies a plan. */
export const apply = (service: ProviderService, prior: Value, to: Value, config: Value = to) =>
  service.applyResourceChange({
    ...no,
    type_name,
    prior_state: wire(prior),
    planned_state: wire(to),
    config: wire(config),
  });
/** Summary and id of each diagnostic. */
export const summaries = (response: {
  readonly diagnostics?: readonly { summary?: string; detail?: string }[] | undefined;
}) => response.diagnostics?.map(({ summary, detail }) => `${summary} ${/\[[^[]*\]$/m.exec(detail ?? "")?.[0]}`);
