import {
  bool,
  bytes,
  type Decoded,
  type Encodable,
  enumeration,
  int64,
  type MessageOf,
  many,
  map,
  message,
  one,
  optional,
  string,
} from "./wire";

/*
 * Terraform's plugin protocol, major version 6, as far as Terraform calls a provider of resources and data sources.
 * Names and field numbers are those of docs/plugin-protocol/tfplugin6.proto of hashicorp/terraform (6.8 to 6.11, read
 * 2026-11). Functions, ephemeral resources, resource identity, lists, actions and state stores are left out: this
 * provider offers none, and a call for them is answered with UNIMPLEMENTED, which Terraform takes as "has none".
 */

/** A value in its encoding, one of the two; `decodeValue` of dynamic-value.ts reads it. Terraform sends msgpack. */
export type DynamicValue = Encodable<typeof DynamicValue>;
export const DynamicValue = message({ msgpack: optional(bytes(1)), json: optional(bytes(2)) });

/** Where in a value: the attribute names, map keys and list indexes to walk, one selector in each step. */
export type AttributePath = Encodable<typeof AttributePath>;
export const AttributePath = message({
  steps: many(
    1,
    message({
      attribute_name: optional(string(1)),
      element_key_string: optional(string(2)),
      element_key_int: optional(int64(3)),
    }),
  ),
});

/** What Terraform prints to the user: an error or a warning, if it can be said at an attribute. */
export type Diagnostic = Encodable<typeof Diagnostic>;
export const Diagnostic = message({
  severity: enumeration(1, "INVALID", "ERROR", "WARNING"),
  summary: string(2),
  detail: string(3),
  attribute: one(4, AttributePath),
});
const diagnostics = (number: number) => many(number, Diagnostic);

/** State as it was stored: JSON text, not msgpack, in the shape of the schema version that wrote it. */
const RawState = message({ json: bytes(1) });

/** An attribute of a schema. It has either a `type` or, with attributes of its own, a `nested_type`. */
export interface SchemaAttribute {
  readonly name?: string;
  /** Terraform's type constraint as JSON text: `"string"`, `["list","number"]`, ... Empty beside a `nested_type`. */
  readonly type?: Uint8Array;
  readonly nested_type?: SchemaObject;
  readonly description?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly description_kind?: "PLAIN" | "MARKDOWN";
  readonly deprecated?: boolean;
  /** Given in configuration, never stored in plan or state. */
  readonly write_only?: boolean;
}
export const SchemaAttribute: MessageOf<SchemaAttribute> = message({
  name: string(1),
  type: bytes(2),
  get nested_type() {
    return one(10, SchemaObject);
  },
  description: string(3),
  required: bool(4),
  optional: bool(5),
  computed: bool(6),
  sensitive: bool(7),
  description_kind: enumeration(8, "PLAIN", "MARKDOWN"),
  deprecated: bool(9),
  write_only: bool(11),
});

/** Nested attributes, and whether there is one object of them, a list, a set or a map. */
export interface SchemaObject {
  readonly attributes?: readonly SchemaAttribute[];
  readonly nesting?: "INVALID" | "SINGLE" | "LIST" | "SET" | "MAP";
}
export const SchemaObject: MessageOf<SchemaObject> = message({
  attributes: many(1, SchemaAttribute),
  nesting: enumeration(3, "INVALID", "SINGLE", "LIST", "SET", "MAP"),
});

/** The schema of a provider, resource or data source; `version` tells upgrades which state they see. */
export type Schema = Encodable<typeof Schema>;
export const Schema = message({
  version: int64(1),
  block: one(
    2,
    message({
      version: int64(1),
      attributes: many(2, SchemaAttribute),
      description: string(4),
      description_kind: enumeration(5, "PLAIN", "MARKDOWN"),
      deprecated: bool(6),
    }),
  ),
});

/** What the provider can do beyond the least: see the fields of the same name in the protocol file. */
const ServerCapabilities = message({
  /** PlanResourceChange is called for a destroy too. */
  plan_destroy: bool(1),
  /** Terraform may use a schema it has seen before, without asking this process. */
  get_provider_schema_optional: bool(2),
  move_resource_state: bool(3),
});

const ClientCapabilities = message({ deferral_allowed: bool(1), write_only_attributes_allowed: bool(2) });

/** Puts a change off until its reason is gone; only where the client said `deferral_allowed`. */
const Deferred = message({
  reason: enumeration(1, "UNKNOWN", "RESOURCE_CONFIG_UNKNOWN", "PROVIDER_CONFIG_UNKNOWN", "ABSENT_PREREQ"),
});

const nothing = message({});
const typeNames = (number: number) => many(number, message({ type_name: string(1) }));
const value = (number: number) => one(number, DynamicValue);
const clientCapabilities = (number: number) => one(number, ClientCapabilities);

/** The calls that we answer, by their name in the service `tfplugin6.Provider`. */
export const methods = {
  GetMetadata: {
    request: nothing,
    response: message({
      server_capabilities: one(1, ServerCapabilities),
      diagnostics: diagnostics(2),
      data_sources: typeNames(3),
      resources: typeNames(4),
    }),
  },
  GetProviderSchema: {
    request: nothing,
    response: message({
      provider: one(1, Schema),
      resource_schemas: map(2, Schema),
      data_source_schemas: map(3, Schema),
      diagnostics: diagnostics(4),
      provider_meta: one(5, Schema),
      server_capabilities: one(6, ServerCapabilities),
    }),
  },
  ValidateProviderConfig: {
    request: message({ config: value(1) }),
    response: message({ diagnostics: diagnostics(2) }),
  },
  ConfigureProvider: {
    request: message({ terraform_version: string(1), config: value(2), client_capabilities: clientCapabilities(3) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  ValidateResourceConfig: {
    request: message({ type_name: string(1), config: value(2), client_capabilities: clientCapabilities(3) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  ValidateDataResourceConfig: {
    request: message({ type_name: string(1), config: value(2) }),
    response: message({ diagnostics: diagnostics(1) }),
  },
  UpgradeResourceState: {
    request: message({ type_name: string(1), version: int64(2), raw_state: one(3, RawState) }),
    response: message({ upgraded_state: value(1), diagnostics: diagnostics(2) }),
  },
  ReadResource: {
    request: message({
      type_name: string(1),
      current_state: value(2),
      private: bytes(3),
      provider_meta: value(4),
      client_capabilities: clientCapabilities(5),
    }),
    response: message({
      new_state: value(1),
      diagnostics: diagnostics(2),
      private: bytes(3),
      deferred: one(4, Deferred),
    }),
  },
  PlanResourceChange: {
    request: message({
      type_name: string(1),
      prior_state: value(2),
      proposed_new_state: value(3),
      config: value(4),
      prior_private: bytes(5),
      provider_meta: value(6),
      client_capabilities: clientCapabilities(7),
    }),
    response: message({
      planned_state: value(1),
      requires_replace: many(2, AttributePath),
      planned_private: bytes(3),
      diagnostics: diagnostics(4),
      deferred: one(6, Deferred),
    }),
  },
  ApplyResourceChange: {
    request: message({
      type_name: string(1),
      prior_state: value(2),
      planned_state: value(3),
      config: value(4),
      planned_private: bytes(5),
      provider_meta: value(6),
    }),
    response: message({ new_state: value(1), private: bytes(2), diagnostics: diagnostics(3) }),
  },
  ImportResourceState: {
    request: message({ type_name: string(1), id: string(2), client_capabilities: clientCapabilities(3) }),
    response: message({
      imported_resources: many(1, message({ type_name: string(1), state: value(2), private: bytes(3) })),
      diagnostics: diagnostics(2),
      deferred: one(3, Deferred),
    }),
  },
  MoveResourceState: {
    request: message({
      source_provider_address: string(1),
      source_type_name: string(2),
      source_schema_version: int64(3),
      source_state: one(4, RawState),
      target_type_name: string(5),
      source_private: bytes(6),
    }),
    response: message({ target_state: value(1), diagnostics: diagnostics(2), target_private: bytes(3) }),
  },
  ReadDataSource: {
    request: message({
      type_name: string(1),
      config: value(2),
      provider_meta: value(3),
      client_capabilities: clientCapabilities(4),
    }),
    response: message({ state: value(1), diagnostics: diagnostics(2), deferred: one(3, Deferred) }),
  },
  GetFunctions: {
    request: nothing,
    response: message({ diagnostics: diagnostics(2) }),
  },
  StopProvider: {
    request: nothing,
    response: message({ Error: string(1) }),
  },
} as const;

/** Name of a call in `methods`. */
export type MethodName = keyof typeof methods;
/** What Terraform sends with a call, its fields named as in the protocol. */
export type Request<Name extends MethodName> = Decoded<(typeof methods)[Name]["request"]>;
/** What the provider answers to a call; fields may be left out. */
export type Response<Name extends MethodName> = Encodable<(typeof methods)[Name]["response"]>;
