/** What the provider itself would plan for an object that is taken over: import, read and plan in this process, without Terraform and without a state. */
import { asReader, type Fly, type FlyReader, memoize } from "../../api/fly";
import type { Attributes } from "../../provider/framework";
import { planObject } from "../../provider/framework/plan";
import { defineProvider } from "../../provider/framework/provider";
import { sameValue } from "../../provider/framework/shape";
import { decodeValue, encodeValue } from "../../provider/plugin/dynamic-value";
import type { Diagnostic } from "../../provider/plugin/tfplugin6";
import { isObject, type ObjectValue, type Value } from "../../provider/plugin/value";
import { resources } from "../../provider/resources";
import { describeError } from "../../provider/resources/describe-error";

/** An object as an import leaves it in a state. */
export interface Imported {
  readonly values: ObjectValue;
  readonly private: Uint8Array;
  /** What the provider warns of, such as a host that does not answer. */
  readonly warnings: readonly string[];
}

/** What a plan under some configuration would do to it. */
interface Rehearsed {
  /** Where the provider refuses, what its attributes alone would plan. */
  readonly planned: ObjectValue;
  /** Names of the attributes that would change; empty: the plan is empty. */
  readonly changed: readonly string[];
  /** Why the provider would refuse this configuration. */
  readonly refusals: readonly string[];
}

export interface Rehearsal {
  /** Every read is made once. */
  readonly reader: FlyReader;
  /** undefined: there is no such object. @throws Error when Fly does not answer as it should */
  import(type: string, id: string): Promise<Imported | undefined>;
  plan(type: string, config: ObjectValue, imported: Imported): Promise<Rehearsed>;
}

/** @param stack name that the Terraform state would have */
export function openRehearsal(fly: Fly, { stack, now }: { readonly stack: string; now(): number }): Rehearsal {
  const reader = memoize(asReader(fly));
  const { openSession } = defineProvider({
    name: "fly",
    version: "0.0.0",
    summary: "",
    attributes: {},
    resources,
    dataSources: [],
    describeError,
    // No env vars: a secret whose source has no value is not judged, as right after an adoption. Nothing here ever applies.
    configure: () => ({ reader, writer: fly, settings: { stack, env: {}, now } }),
  });
  const session = async () => {
    const service = await openSession({ signal: new AbortController().signal, progress: () => {} });
    await service.configureProvider({ terraform_version: "1.11.4", config: { msgpack: encodeValue({}) } });
    return service;
  };
  return {
    reader,
    async import(type, id) {
      const service = await session();
      const answer = await service.importResourceState({ type_name: type, id });
      const [found] = answer.imported_resources ?? [];
      refuse(answer.diagnostics);
      if (!found) return undefined;
      const read = await service.readResource({
        type_name: type,
        current_state: found.state,
        private: found.private ?? new Uint8Array(),
      });
      refuse(read.diagnostics);
      const values = decodeValue(read.new_state);
      if (!isObject(values)) return undefined;
      return { values, private: read.private ?? new Uint8Array(), warnings: (read.diagnostics ?? []).map(textOf) };
    },
    async plan(type, config, { values, private: prior_private }) {
      const service = await session();
      const wanted = { msgpack: encodeValue(config) };
      const judged = await service.validateResourceConfig({ type_name: type, config: wanted });
      const answer = await service.planResourceChange({
        type_name: type,
        prior_state: { msgpack: encodeValue(values) },
        proposed_new_state: wanted,
        config: wanted,
        prior_private,
      });
      const refusals = [...(judged.diagnostics ?? []), ...(answer.diagnostics ?? [])].filter(isError).map(textOf);
      const attributes = attributesOf(type);
      const decoded = refusals.length > 0 ? planObject(attributes, config, values) : decodeValue(answer.planned_state);
      const planned = isObject(decoded) ? decoded : {};
      return { planned, refusals: [...new Set(refusals)], changed: changes(attributes, planned, values) };
    },
  };
}

/** Attributes of a resource type. */
export function attributesOf(type: string): Attributes {
  return resources.find((one) => one.type === type)?.attributes ?? {};
}

function changes(attributes: Attributes, planned: ObjectValue, prior: ObjectValue): readonly string[] {
  const value = (object: ObjectValue, name: string): Value => object[name] ?? null;
  return Object.entries(attributes)
    .filter(([name, { type }]) => !sameValue(type, value(planned, name), value(prior, name)))
    .map(([name]) => name);
}

function refuse(diagnostics: readonly Diagnostic[] | undefined): void {
  const errors = (diagnostics ?? []).filter(isError);
  if (errors.length > 0) throw new Error(errors.map(textOf).join("\n"));
}

const isError = ({ severity }: Diagnostic): boolean => severity !== "WARNING";
const textOf = ({ summary, detail }: Diagnostic): string => `${summary}: ${detail}`;
