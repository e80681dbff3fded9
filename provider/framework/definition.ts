/**
 * What a resource or data source is: one value from which the wire schema, the types, the construct and the reference page follow.
 *
 * Generic over `R`, a client that only reads, and `W`, the same client with writes. Read, plan and import handlers get `R`,
 * so that nothing they do can change the platform.
 */
import type { Value } from "../plugin/value";
import type { Attributes, Known } from "./attribute";

/** Where in a resource a problem lies: attribute names, list indexes and map keys, outermost first. */
export type Path = readonly (string | number)[];

/** A diagnostic. `summary` names the problem in a few words; `detail` gives what was got, what is allowed, what to type next, and the id in brackets. */
export interface Diagnostic {
  readonly severity?: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly path?: Path;
}

/**
 * Thrown by a handler to end the call with one or more diagnostics.
 *
 * A create that throws leaves no state, an update and a delete leave the prior one, unless `state` says what is there now.
 * Mind that Terraform replaces, at the next apply, a resource whose create failed and left a state.
 */
export class Problem extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly state?: Readonly<Record<string, unknown>>;
  constructor(
    diagnostics: Diagnostic | readonly Diagnostic[],
    options: { readonly cause?: unknown; readonly state?: Readonly<Record<string, unknown>> } = {},
  ) {
    const all = isMany(diagnostics) ? diagnostics : [diagnostics];
    super(all.map((one) => `${one.summary}: ${one.detail}`).join("\n"), { cause: options.cause });
    this.name = "Problem";
    this.diagnostics = all;
    if (options.state) this.state = options.state;
  }
}

function isMany(diagnostics: Diagnostic | readonly Diagnostic[]): diagnostics is readonly Diagnostic[] {
  return Array.isArray(diagnostics);
}

/** JSON kept by Terraform beside the state of one resource and shown to nobody. Never put a secret into it. */
export interface PrivateState {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
}

/** What every handler gets besides its client. */
export interface Context<Settings> {
  /** The provider's configuration, as its `configure` returned it. */
  readonly settings: Settings;
  readonly private: PrivateState;
  /** Aborted when Terraform asks to stop or goes away; a handler then stops starting new steps and cleans up. */
  readonly signal: AbortSignal;
  /** Adds a warning, or an error without stopping: what the handler then returns is stored all the same. */
  diagnose(diagnostic: Diagnostic): void;
  /** Tells a watching `infra apply` one step, such as "machine 148e… updated, waiting for health". */
  progress(step: string): void;
}

/**
 * A plan in the making. `config` may hold unknown values. `planned` is what the attribute rules gave and may be changed in place by path,
 * within what Terraform allows: a configured attribute is planned as configured or as prior.
 */
export interface PlanRequest {
  readonly action: "create" | "update" | "delete";
  /** null on delete. */
  readonly config: Readonly<Record<string, Value>> | null;
  /** null on create. */
  readonly prior: Readonly<Record<string, Value>> | null;
  /** null on delete. Mutable top level: assign attributes. */
  readonly planned: Record<string, Value> | null;
  /** Asks for replacement because of this attribute, which has to differ from prior: Terraform ignores the request otherwise. */
  requireReplace(path: Path): void;
}

export interface ResourceDefinition<S extends Attributes, R, W, Settings = unknown> {
  readonly type: string;
  /** One sentence that says what it is. */
  readonly summary: string;
  /** Schema version, 0 when left out. */
  readonly version?: number;
  readonly attributes: S;
  /** Import by natural key: `format` for the error and the reference page ("app/group"), `parse` to the attributes that `read` needs; undefined: malformed. */
  readonly importKey: { readonly format: string; parse(id: string): Partial<Known<S>> | undefined };
  /** Checks across attributes, pure. `config` may hold unknown values; the types of single attributes are already right. */
  validate?(config: Readonly<Record<string, Value>>): readonly Diagnostic[];
  /** Refuses or completes a plan. Called for create, update and delete, after the attribute rules. */
  plan?(reader: R, request: PlanRequest, context: Context<Settings>): Promise<void>;
  /** The live object, in the state's spelling; undefined: gone. After an import `imported` is true and only the key's attributes are set. */
  read(
    reader: R,
    state: Known<S>,
    context: Context<Settings> & { readonly imported: boolean },
  ): Promise<Known<S> | undefined>;
  /** Write-only attributes are in `plan` as configured, here and in `update`, and nowhere else but in `PlanRequest.config`. */
  create(writer: W, plan: Known<S>, context: Context<Settings>): Promise<Known<S>>;
  /** Called with the planned and the prior state. When left out, every attribute must be `replace` or computed. */
  update?(writer: W, plan: Known<S>, prior: Known<S>, context: Context<Settings>): Promise<Known<S>>;
  /** Quiet when already gone. */
  delete(writer: W, state: Known<S>, context: Context<Settings>): Promise<void>;
  /** From schema version n (the key) to n + 1; each with a fixture in its test. */
  readonly upgrades?: Readonly<Record<number, (state: Record<string, unknown>) => Record<string, unknown>>>;
}

/** A resource of a provider whose handlers take `R` and `W`, whatever its attributes. */
export type AnyResource<R, W extends R, Settings> = ResourceDefinition<Attributes, R, W, Settings>;

export interface DataSourceDefinition<S extends Attributes, R, Settings = unknown> {
  readonly type: string;
  readonly summary: string;
  readonly attributes: S;
  read(reader: R, config: Known<S>, context: Omit<Context<Settings>, "private">): Promise<Known<S>>;
}

/** A data source of a provider whose handlers take `R`, whatever its attributes. */
export type AnyDataSource<R, Settings> = DataSourceDefinition<Attributes, R, Settings>;

/** Names a resource; the types of its handlers come from `attributes`. */
export function defineResource<S extends Attributes, R, W extends R, Settings = unknown>(
  definition: ResourceDefinition<S, R, W, Settings>,
): ResourceDefinition<S, R, W, Settings> {
  return definition;
}

/** Names a data source. */
export function defineDataSource<S extends Attributes, R, Settings = unknown>(
  definition: DataSourceDefinition<S, R, Settings>,
): DataSourceDefinition<S, R, Settings> {
  return definition;
}
