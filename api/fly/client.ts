/**
 * The only door to Fly's network.
 *
 * `FlyReader` cannot change anything; `Fly` adds the writes. `find…` answers `undefined` for what is not there, deletes are quiet
 * about what is already gone, everything else that Fly refuses is a `FlyError`.
 */
import type {
  AllocateAddress,
  App,
  Certificate,
  CertificateSummary,
  CreateMachine,
  CreateRelease,
  CreateVolume,
  IpAssignment,
  Lease,
  LogPage,
  Machine,
  MachineEvent,
  Organization,
  OrganizationMachines,
  Region,
  Release,
  Secret,
  SecretsWritten,
  TokenInfo,
  UpdateMachine,
  UpdateRelease,
  UpdateVolume,
  Volume,
} from "./types";

/** Reads only. Lists are whole: pages are followed to the end. */
export interface FlyReader {
  readonly apps: {
    /** undefined: no such app, the name is free. Throws "forbidden" when it belongs to an organization that the token cannot see. */
    find(app: string): Promise<App | undefined>;
    list(organization: string): Promise<readonly App[]>;
  };
  readonly machines: {
    /** Every machine of the app with its full config. May lag behind writes: confirm an absence with `find`. */
    list(app: string): Promise<readonly Machine[]>;
    /** May answer a machine in state "destroyed" for some time. */
    find(app: string, id: string): Promise<Machine | undefined>;
    listOrganization(organization: string): Promise<OrganizationMachines>;
    /** Newest first, at most 50. */
    events(app: string, id: string): Promise<readonly MachineEvent[]>;
  };
  readonly volumes: {
    /** Also those that are being destroyed; look at `state`. */
    list(app: string): Promise<readonly Volume[]>;
    find(app: string, id: string): Promise<Volume | undefined>;
  };
  readonly secrets: { list(app: string): Promise<readonly Secret[]> };
  readonly addresses: { list(app: string): Promise<readonly IpAssignment[]> };
  readonly certificates: {
    list(app: string): Promise<readonly CertificateSummary[]>;
    find(app: string, hostname: string): Promise<Certificate | undefined>;
  };
  readonly releases: {
    /** Newest first; empty when the app has none. `limit` is 20 when left out. */
    list(app: string, limit?: number): Promise<readonly Release[]>;
  };
  readonly logs: {
    /** Lines of an app, oldest first, from the oldest that Fly still has, or behind `next` of the page before. */
    list(app: string, after?: string): Promise<LogPage>;
  };
  readonly metrics: {
    /** Requests that an app has answered in the last seconds, by status ("200"), as its machines are asked every 15 s; empty: none. */
    responses(organization: string, app: string, seconds: number): Promise<Readonly<Record<string, number>>>;
  };
  readonly regions: { list(): Promise<readonly Region[]> };
  readonly tokens: {
    /** Which organizations and apps the credential covers. */
    current(): Promise<readonly TokenInfo[]>;
  };
  readonly organizations: { find(slug: string): Promise<Organization | undefined> };
}

/** The nonce of the lease that the caller holds on the machine. */
export interface Fenced {
  readonly nonce?: string;
}

interface CreateApp {
  readonly name: string;
  readonly org_slug: string;
  readonly network?: string;
  /** A repeat with the same key and name answers the first app, so the create is safe to repeat. */
  readonly idempotency_key: string;
}

export interface WaitOptions {
  /** One of started, stopped, suspended, destroyed, failed, settled. */
  readonly state: string;
  /** Instance id. Pass it after an update, else the version before may satisfy the wait. */
  readonly version?: string;
  /** In all; one call of Fly's waits for 60 s at most, so it is called again as often as needed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Reads and writes. A write whose outcome is not known (cut connection, 5xx, 408) throws a `FlyError` with `ambiguous: true`. */
export interface Fly extends FlyReader {
  readonly apps: FlyReader["apps"] & {
    create(body: CreateApp): Promise<App>;
    /** Takes machines, volumes, addresses, certificates and secrets along; returns when Fly no longer knows the app. */
    delete(app: string): Promise<void>;
  };
  readonly machines: FlyReader["machines"] & {
    /** Never repeated by the client. Give a name of your own: 409 then says that it is there already. */
    create(app: string, body: CreateMachine): Promise<Machine>;
    /** After a lost answer the machine is read: if it carries a new version with the config that was sent, that is the answer. */
    update(app: string, id: string, body: UpdateMachine, options?: Fenced): Promise<Machine>;
    start(app: string, id: string, options?: Fenced): Promise<void>;
    stop(
      app: string,
      id: string,
      options?: Fenced & { readonly signal?: string; readonly timeout?: string },
    ): Promise<void>;
    restart(app: string, id: string, options?: Fenced): Promise<void>;
    cordon(app: string, id: string, options?: Fenced): Promise<void>;
    uncordon(app: string, id: string, options?: Fenced): Promise<void>;
    delete(app: string, id: string, options?: Fenced & { readonly force?: boolean }): Promise<void>;
    /** Answers when the state is reached. Throws kind "timeout" when it is not, "not-found" when the machine is gone. */
    wait(app: string, id: string, options: WaitOptions): Promise<void>;
    /** Throws kind "conflict" when somebody else holds the lease; Fly's message names the holder. */
    acquireLease(
      app: string,
      id: string,
      options: { readonly ttlSeconds: number; readonly description: string },
    ): Promise<Lease>;
    refreshLease(
      app: string,
      id: string,
      options: { readonly nonce: string; readonly ttlSeconds: number },
    ): Promise<Lease>;
    /** Quiet when the lease has ended by itself. */
    releaseLease(app: string, id: string, options: { readonly nonce: string }): Promise<void>;
    /** Does not restart the machine and needs no lease. null removes a key. */
    setMetadata(app: string, id: string, metadata: Readonly<Record<string, string | null>>): Promise<void>;
  };
  readonly volumes: FlyReader["volumes"] & {
    /** Never repeated by the client, and Fly has no protection against a double: look for the name before trying again. */
    create(app: string, body: CreateVolume): Promise<Volume>;
    update(app: string, id: string, body: UpdateVolume): Promise<Volume>;
    extend(
      app: string,
      id: string,
      sizeGb: number,
    ): Promise<{ readonly volume: Volume; readonly needs_restart: boolean }>;
    delete(app: string, id: string): Promise<void>;
  };
  readonly secrets: FlyReader["secrets"] & {
    /** Sets and, with null, removes. Machines see it at their next create, update or start. */
    set(app: string, values: Readonly<Record<string, string | null>>): Promise<SecretsWritten>;
  };
  readonly addresses: FlyReader["addresses"] & {
    allocate(app: string, body: AllocateAddress): Promise<IpAssignment>;
    release(app: string, ip: string): Promise<void>;
  };
  readonly certificates: FlyReader["certificates"] & {
    create(app: string, hostname: string): Promise<Certificate>;
    delete(app: string, hostname: string): Promise<void>;
  };
  readonly releases: FlyReader["releases"] & {
    create(body: CreateRelease): Promise<Release>;
    update(id: string, body: UpdateRelease): Promise<void>;
  };
}
