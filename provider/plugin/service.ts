import type { MethodName, Request, Response } from "./tfplugin6";

type Call<Name extends MethodName> = (request: Request<Name>) => Promise<Response<Name>>;

/**
 * A provider as one connection of one Terraform run sees it: a method for each call of the protocol.
 *
 * What is wrong with the user's input or with the outside world goes into `diagnostics` of the answer. A method that
 * throws is a bug: Terraform shows the message of the error as "rpc error". Calls of one run come concurrently.
 */
export interface ProviderService {
  /** Names and capabilities only. Terraform 1.11 does not call it; muxing tools do. */
  getMetadata: Call<"GetMetadata">;
  /** First call of every process. */
  getProviderSchema: Call<"GetProviderSchema">;
  /** Configuration may hold unknowns. Called by validate, and before plan and apply. */
  validateProviderConfig: Call<"ValidateProviderConfig">;
  /** Once in a session, before anything that touches the network. In a plan the configuration may hold unknowns. */
  configureProvider: Call<"ConfigureProvider">;
  /** Before the provider is configured, with unknowns wherever an expression is not decided. */
  validateResourceConfig: Call<"ValidateResourceConfig">;
  validateDataResourceConfig: Call<"ValidateDataResourceConfig">;
  /** For every resource in the state, also when its schema version is the present one. */
  upgradeResourceState: Call<"UpgradeResourceState">;
  /** Refresh. A `new_state` of null says that the object is gone. */
  readResource: Call<"ReadResource">;
  /** `prior_state` null: create. `proposed_new_state` null: destroy, asked when `plan_destroy` is set. */
  planResourceChange: Call<"PlanResourceChange">;
  /** `planned_state` null: destroy. Terraform plans once more just before, with fewer unknowns. */
  applyResourceChange: Call<"ApplyResourceChange">;
  /** `terraform import` or an import block; a ReadResource follows for each imported resource. */
  importResourceState: Call<"ImportResourceState">;
  /** A moved block between two resource types, of this or of another provider. */
  moveResourceState: Call<"MoveResourceState">;
  readDataSource: Call<"ReadDataSource">;
  getFunctions: Call<"GetFunctions">;
  /** The user interrupted this run: end what is running soon and safely. The calls under way still answer. */
  stopProvider: Call<"StopProvider">;
}

/** A step that a provider has taken while Terraform waits for it, for people to read. */
export interface Progress {
  /** What is worked on, as its user names it: `shop/web machine 148e`. */
  readonly subject: string;
  /** What happened or is waited for. No secrets. */
  readonly message: string;
}

/** What a new session gets from the plugin. */
export interface SessionContext {
  /** Aborted when the connection of this run closes, whether it ended well or its Terraform was killed. */
  readonly signal: AbortSignal;
  /** Tells a host of the provider about a step; without a host it goes to Terraform's log. */
  readonly progress: (step: Progress) => void;
}

/**
 * Makes the provider of one session: one connection of one Terraform run. A run opens a few, such as for schemas and for
 * the work itself; each is configured by itself. Asked at the first call, so that starting costs nothing.
 */
export type OpenSession = (context: SessionContext) => ProviderService | Promise<ProviderService>;
