import type { OpenSession, ProviderService } from "../plugin/service";
import type { Attributes, Known } from "./attribute";
import type { DescribeError } from "./call";
import { applyResource } from "./calls/apply";
import { readDataSource, validateDataSource } from "./calls/data-source";
import { planResource } from "./calls/plan";
import { configure, metadata, schema, validateProvider } from "./calls/provider";
import { importResource, readResource, upgradeResource, validateResource } from "./calls/resource";
import type { AnyDataSource, AnyResource } from "./definition";
import { Session } from "./session";

/** What a configured session works with: the client twice, once without writes, and what its handlers see as `settings`. */
export interface Client<R, W extends R, Settings> {
  /** Given to read, plan and import. May answer from what it has read before in this run. */
  readonly reader: R;
  /** Given to create, update and delete. */
  readonly writer: W;
  readonly settings: Settings;
}

/** A provider: its own configuration, how that becomes a client, and what it manages. */
export interface ProviderDefinition<S extends Attributes, R, W extends R, Settings> {
  /** Its name in configurations, "fly"; types of resources begin with it. */
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly attributes: S;
  /**
   * Called once in a run, with values that are all known.
   *
   * @param session `signal` is aborted when the connection of the run closes
   * @throws Problem
   */
  configure(
    values: Known<S>,
    env: Readonly<Record<string, string | undefined>>,
    session: { readonly signal: AbortSignal },
  ): Client<R, W, Settings> | Promise<Client<R, W, Settings>>;
  readonly resources: readonly AnyResource<R, W, Settings>[];
  readonly dataSources: readonly AnyDataSource<R, Settings>[];
  /** Makes diagnostics of errors from outside, such as those of a client: status, request id, what was not done. */
  readonly describeError?: DescribeError;
}

/** A provider, whatever its own attributes. */
export type AnyProvider<R, W extends R, Settings> = ProviderDefinition<Attributes, R, W, Settings>;

/** A defined provider, ready to be served or hosted. */
export interface Provider<S extends Attributes, R, W extends R, Settings>
  extends ProviderDefinition<S, R, W, Settings> {
  /** Makes the service of one Terraform run; runs share nothing. */
  readonly openSession: OpenSession;
}

/** Defines a provider; the types of its handlers come from `attributes` and `configure`. */
export function defineProvider<S extends Attributes, R, W extends R, Settings>(
  definition: ProviderDefinition<S, R, W, Settings>,
): Provider<S, R, W, Settings> {
  return { ...definition, openSession: (plugin) => service(new Session<R, W, Settings>(definition, plugin)) };
}

function service<R, W extends R, Settings>(session: Session<R, W, Settings>): ProviderService {
  return {
    getMetadata: async () => metadata(session),
    getProviderSchema: async () => schema(session),
    validateProviderConfig: async (request) => validateProvider(session, request),
    configureProvider: (request) => configure(session, request),
    validateResourceConfig: (request) => validateResource(session, request),
    validateDataResourceConfig: async (request) => validateDataSource(session, request),
    upgradeResourceState: (request) => upgradeResource(session, request),
    readResource: (request) => readResource(session, request),
    planResourceChange: (request) => planResource(session, request),
    applyResourceChange: (request) => applyResource(session, request),
    importResourceState: (request) => importResource(session, request),
    moveResourceState: async (request) => ({ diagnostics: [cannotMove(request)] }),
    readDataSource: (request) => readDataSource(session, request),
    getFunctions: async () => ({}),
    stopProvider: async () => {
      session.stop();
      return {};
    },
  };
}

function cannotMove({ source_type_name, target_type_name }: { source_type_name: string; target_type_name: string }) {
  return {
    severity: "ERROR",
    summary: `${source_type_name} cannot be moved to ${target_type_name}`,
    detail: `The provider does not know how to make a ${target_type_name} of a ${source_type_name}. Import the object instead: terraform import <address> <key>, and take the old one out of the state: terraform state rm <old address>. [provider/move]`,
  } as const;
}
