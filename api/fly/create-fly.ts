import { type Addresses, checkedAddress } from "./address";
import { addresses, certificates, secrets, volumes } from "./app-parts";
import { apps } from "./apps";
import { Budget } from "./budget";
import { Caller } from "./caller";
import type { Fly, FlyReader } from "./client";
import { type Clock, systemClock } from "./clock";
import { logs } from "./log";
import { machines } from "./machines";
import { metrics, organizations, regions, releases, tokens } from "./organization-parts";
import { checkedToken } from "./token";
import { openTransport, type Transport } from "./transport";

export interface FlyOptions extends Addresses {
  /** Opaque or macaroons, with or without the scheme in front, never split or reordered. */
  readonly token: string;
  /** Ends every call that is under way. Leave it out where calls must still clean up after a stop. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Shared by clients of one process that work at the same time, since Fly counts them together. Default: one of its own. */
  readonly budget?: Budget;
  /** How requests travel. Default: kept-alive connections. */
  readonly transport?: Transport;
  readonly userAgent?: string;
  /** Told the app (or `app/machine`) after each write, also after one that failed. */
  readonly onWrite?: (subject: string) => void;
}

/**
 * A client of Fly. Nothing is called before the first method is. Throws at once on an address that is none or is plain http to another machine.
 *
 * Calls stay within Fly's published limits per action and app or machine; what is safe to repeat is repeated, with growing
 * pauses, for 30 s at most.
 */
export function createFly(options: FlyOptions): Fly {
  const transport = options.transport ?? openTransport();
  options.signal?.addEventListener("abort", () => transport.close(), { once: true });
  const clock = options.clock ?? systemClock;
  const caller = new Caller({
    token: checkedToken(options.token),
    machinesUrl: checkedAddress(options.machinesUrl),
    uiexUrl: checkedAddress(options.uiexUrl),
    logsUrl: checkedAddress(options.graphqlUrl),
    metricsUrl: `${checkedAddress(options.graphqlUrl)}/prometheus`,
    userAgent: options.userAgent ?? "hotdash-infra",
    clock,
    budget: options.budget ?? new Budget(clock),
    transport,
    signal: options.signal,
    onWrite: options.onWrite,
  });
  return {
    apps: apps(caller),
    machines: machines(caller),
    volumes: volumes(caller),
    secrets: secrets(caller),
    addresses: addresses(caller),
    certificates: certificates(caller),
    releases: releases(caller),
    logs: logs(caller),
    metrics: metrics(caller),
    regions: regions(caller),
    tokens: tokens(caller),
    organizations: organizations(caller),
  };
}

/** The same client without its writes, at run time too. */
export function asReader(fly: FlyReader): FlyReader {
  const {
    apps,
    machines,
    volumes,
    secrets,
    addresses,
    certificates,
    releases,
    logs,
    metrics,
    regions,
    tokens,
    organizations,
  } = fly;
  return {
    apps: { find: apps.find, list: apps.list },
    machines: {
      list: machines.list,
      find: machines.find,
      listOrganization: machines.listOrganization,
      events: machines.events,
    },
    volumes: { list: volumes.list, find: volumes.find },
    secrets: { list: secrets.list },
    addresses: { list: addresses.list },
    certificates: { list: certificates.list, find: certificates.find },
    releases: { list: releases.list },
    logs: { list: logs.list },
    metrics: { responses: metrics.responses },
    regions: { list: regions.list },
    tokens: { current: tokens.current },
    organizations: { find: organizations.find },
  };
}
