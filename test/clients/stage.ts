/** Resources, the framework and a sandbox in one process: no port, no Terraform, milliseconds. */
import { setImmediate } from "node:timers/promises";
import { asReader, type Clock, createFly, type Fly, memoize } from "../../api/fly";
import { ConnectionError, type Transport } from "../../api/fly/transport";
import type { Attributes, AttributeType } from "../../provider/framework/attribute";
import { defineProvider } from "../../provider/framework/provider";
import { decodeValue, encodeValue } from "../../provider/plugin/dynamic-value";
import type { Diagnostic } from "../../provider/plugin/tfplugin6";
import { isList, isObject, type ObjectValue, unknown, type Value } from "../../provider/plugin/value";
import { dataSources, resources } from "../../provider/resources";
import { describeError } from "../../provider/resources/describe-error";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../sandbox";

type Given = { readonly [name: string]: unknown };

/** A resource as Terraform keeps it between runs. */
export interface Kept {
  readonly values: ObjectValue;
  readonly private: Uint8Array;
}

export interface Planned extends Kept {
  readonly action: "none" | "create" | "update" | "replace";
  /** Names of the attributes that differ from before. */
  readonly changed: readonly string[];
  readonly warnings: readonly string[];
}

/** A call ended in errors: their summaries and details, one a line. */
export class Refused extends Error {}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly fly: Fly;
  /** Sources of secrets. */
  readonly env: Record<string, string>;
  /** Warnings of the last call. */
  readonly warnings: readonly string[];
  validate(type: string, config: Given): Promise<void>;
  plan(type: string, config: Given, prior?: Kept): Promise<Planned>;
  /** Plans and applies; a resource that is to be replaced is destroyed first. */
  apply(type: string, config: Given, prior?: Kept): Promise<Kept>;
  /** undefined: gone. */
  refresh(type: string, kept: Kept): Promise<Kept | undefined>;
  /** Imports and reads; undefined: there is no such object. */
  import(type: string, id: string): Promise<Kept | undefined>;
  destroy(type: string, kept: Kept): Promise<void>;
  data(type: string, config: Given): Promise<ObjectValue>;
  /** Requests since the last time, as `GET /v1/apps/shop`. */
  calls(): readonly string[];
}

/** A value that becomes known only in an apply. */
export const later = unknown;

const nothing = new Uint8Array();

/** @param token who works; `fo1_sandbox_deploy` when left out */
export function createStage({
  token,
  stack = "test",
  ...options
}: SandboxOptions & { token?: string; stack?: string } = {}): Stage {
  const sandbox = createSandbox({ clock: "manual", limits: "fly", ...options });
  const env: Record<string, string> = {};
  const clock = clockOf(sandbox);
  const address = "http://127.0.0.1:1";
  const client = (onWrite?: (subject: string) => void) =>
    createFly({
      token: token ?? "fo1_sandbox_deploy",
      machinesUrl: address,
      graphqlUrl: address,
      uiexUrl: address,
      clock,
      transport: transportTo(sandbox),
      onWrite,
    });
  const provider = defineProvider({
    name: "fly",
    version: "0.0.0",
    summary: "",
    attributes: {},
    resources,
    dataSources,
    describeError,
    configure() {
      let forget = (_subject: string) => {};
      const writer = client((subject) => forget(subject));
      const reader = memoize(asReader(writer));
      forget = reader.forget;
      return { reader, writer, settings: { organization: "hotdash", stack, env, now: clock.now, clock } };
    },
  });
  let warnings: readonly string[] = [];
  let seen = 0;

  /** Every call is a Terraform run of its own: nothing read before is remembered. */
  async function session() {
    const service = await provider.openSession({ signal: new AbortController().signal, progress: () => {} });
    await service.configureProvider({ terraform_version: "1.11.4", config: { msgpack: encodeValue({}) } });
    return service;
  }

  function judged<T extends { readonly diagnostics?: readonly Diagnostic[] }>(answer: T): T {
    const all = answer.diagnostics ?? [];
    warnings = all.filter(({ severity }) => severity === "WARNING").map(textOf);
    const errors = all.filter(({ severity }) => severity !== "WARNING").map(textOf);
    if (errors.length > 0) throw new Refused(errors.join("\n"));
    return answer;
  }

  const stage: Stage = {
    sandbox,
    fly: client(),
    env,
    get warnings() {
      return warnings;
    },
    async validate(type, config) {
      const service = await session();
      judged(
        await service.validateResourceConfig({ type_name: type, config: { msgpack: encodeValue(fill(type, config)) } }),
      );
    },
    async plan(type, config, prior) {
      await stage.validate(type, config);
      const service = await session();
      const wanted = encodeValue(fill(type, config));
      const answer = judged(
        await service.planResourceChange({
          type_name: type,
          prior_state: { msgpack: encodeValue(prior?.values ?? null) },
          proposed_new_state: { msgpack: wanted },
          config: { msgpack: wanted },
          prior_private: prior?.private ?? nothing,
        }),
      );
      const values = objectOf(decodeValue(answer.planned_state));
      const changed = Object.keys(values).filter((name) => !same(values[name], prior?.values[name]));
      const replaces = (answer.requires_replace ?? []).length > 0;
      const action = !prior ? "create" : changed.length === 0 ? "none" : replaces ? "replace" : "update";
      return { action, values, changed, private: answer.planned_private ?? nothing, warnings };
    },
    async apply(type, config, prior) {
      const plan = await stage.plan(type, config, prior);
      if (plan.action === "none" && prior) return prior;
      if (plan.action === "replace" && prior) {
        await stage.destroy(type, prior);
        return stage.apply(type, config);
      }
      const service = await session();
      const answer = await service.applyResourceChange({
        type_name: type,
        prior_state: { msgpack: encodeValue(prior?.values ?? null) },
        planned_state: { msgpack: encodeValue(plan.values) },
        config: { msgpack: encodeValue(fill(type, config)) },
        planned_private: plan.private,
      });
      judged(answer);
      return { values: objectOf(decodeValue(answer.new_state)), private: answer.private ?? nothing };
    },
    async refresh(type, kept) {
      const service = await session();
      const current_state = { msgpack: encodeValue(kept.values) };
      const answer = judged(await service.readResource({ type_name: type, current_state, private: kept.private }));
      const values = decodeValue(answer.new_state);
      return values === null ? undefined : { values: objectOf(values), private: answer.private ?? nothing };
    },
    async import(type, id) {
      const service = await session();
      const [found] = judged(await service.importResourceState({ type_name: type, id })).imported_resources ?? [];
      if (!found) return undefined;
      return stage.refresh(type, { values: objectOf(decodeValue(found.state)), private: found.private ?? nothing });
    },
    async destroy(type, { values, private: secret }) {
      const service = await session();
      const none = { msgpack: encodeValue(null) };
      const prior_state = { msgpack: encodeValue(values) };
      const request = { type_name: type, prior_state, config: none };
      judged(await service.planResourceChange({ ...request, proposed_new_state: none, prior_private: secret }));
      judged(await service.applyResourceChange({ ...request, planned_state: none, planned_private: secret }));
    },
    async data(type, config) {
      const service = await session();
      const attributes = dataSources.find((one) => one.type === type)?.attributes ?? {};
      const answer = await service.readDataSource({
        type_name: type,
        config: { msgpack: encodeValue(fillObject(attributes, config)) },
      });
      return objectOf(decodeValue(judged(answer).state));
    },
    calls() {
      const journal = sandbox.control.journal();
      const news = journal.slice(seen).map(({ method, path }) => `${method} ${path}`);
      seen = journal.length;
      return news;
    },
  };
  return stage;
}

/** Sleeping moves the sandbox's clock. */
/** The sandbox's own time: a sleep moves it. */
export function clockOf({ control }: Sandbox): Clock {
  return {
    now: () => Date.parse(control.status().now),
    random: () => 1,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      await control.advance(ms);
    },
  };
}

/** Requests go to the sandbox by a function call; while one waits, its clock moves. */
function transportTo(sandbox: Sandbox): Transport {
  return {
    close() {},
    async send({ method, url, headers, body }) {
      const waiting = { on: url.includes("/wait?") };
      const answer = sandbox.fetch(
        new Request(url, { method, headers: { ...headers, "content-type": "application/json" }, body }),
      );
      const pump = async () => {
        for (; waiting.on; await setImmediate()) await sandbox.control.advance(50);
      };
      try {
        const [response] = await Promise.all([
          answer.finally(() => {
            waiting.on = false;
          }),
          pump(),
        ]);
        return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
      } catch (error) {
        throw new ConnectionError(error instanceof Error ? error.message : "lost", true);
      }
    },
  };
}

function textOf({ summary, detail }: Diagnostic): string {
  return `${summary}: ${detail}`;
}

function objectOf(value: Value): ObjectValue {
  if (!isObject(value)) throw new Error("the provider answered no object");
  return value;
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function plain(value: Value | undefined): unknown {
  if (value === unknown) return { unknown: true };
  if (value === undefined) return null;
  if (isList(value)) return value.map(plain);
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort()
          .map(([key, one]) => [key, plain(one)]),
      )
    : value;
}

/** Terraform sends every attribute, null for those that are left out. */
function fill(type: string, given: Given): ObjectValue {
  return fillObject(resources.find((one) => one.type === type)?.attributes ?? {}, given);
}

function fillObject(attributes: Attributes, given: Given): ObjectValue {
  return Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, fillValue(type, given[name])]));
}

function fillValue(type: AttributeType, given: unknown): Value {
  if (given === undefined || given === null) return null;
  if (given === unknown) return unknown;
  if (!("attributes" in type)) return given as Value;
  const one = (inner: unknown) => fillObject(type.attributes, inner as Given);
  if (type.kind === "object") return one(given);
  if (Array.isArray(given)) return given.map(one);
  return Object.fromEntries(Object.entries(given as Given).map(([key, inner]) => [key, one(inner)]));
}
