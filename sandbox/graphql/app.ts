import { appStatus, appView } from "../fly/app";
import { listSecrets } from "../fly/secret";
import { newestRelease, newestReleases } from "../release";
import type { AppRow, SecretRow } from "../row";
import { liveMachines } from "../store";
import { timestamp } from "../world";
import { isEgress, isListed } from "./address";
import { connection, type PageArguments } from "./connection";
import { findImage } from "./image";
import type { Fields } from "./resolver";
import { appServices } from "./service";
import { findUser } from "./user";

const none = (_row: unknown, args: PageArguments) => connection([], args);
const addresses = (app: AppRow) => [...app.addresses.values()];
const currentRelease = (app: AppRow) => newestRelease(app) ?? null;
const releases = (app: AppRow, { status, ...args }: PageArguments & { status?: string | null }) =>
  connection(newestReleases(app, status), args);

/** Fields of an app. Its `id` is its name, unlike in the Machines API. */
export const appFields = {
  id: ({ name }) => name,
  internalId: ({ id }) => id,
  hostname: ({ name }) => `${name}.fly.dev`,
  appUrl: ({ name }) => `https://${name}.fly.dev`,
  cnameTarget: (app, _args, { world }) => appView(world, app).cname_target,
  createdAt: ({ createdAt }) => timestamp(createdAt),
  deployed: (app) => appStatus(app) === "deployed",
  platformVersion: () => "machines",
  role: () => null,
  state: (app) => appStatus(app).toUpperCase(),
  status: (app) => appStatus(app),
  organization: ({ org }, _args, { world }) => world.store.state.organizations.get(org),
  config: (app) => ({ definition: configDefinition(app), errors: [], services: appServices(app), valid: true }),
  services: appServices,
  version: (app) => newestRelease(app)?.version ?? 0,
  currentRelease,
  currentReleaseUnprocessed: currentRelease,
  releases,
  releasesUnprocessed: releases,
  secrets: (app) => listSecrets(app).map((secret) => ({ app, secret })),
  ipAddresses: (app, args: PageArguments) => connection(addresses(app).filter(isListed), args),
  egressIpAddresses: (app, args: PageArguments) => connection(addresses(app).filter(isEgress), args),
  sharedIpAddress: (app) => addresses(app).find(({ type }) => type === "shared_v4")?.ip ?? null,
  certificates(app, { filter, ...args }: PageArguments & { filter?: string | null }) {
    const rows = [...app.certificates.values()].filter(({ hostname }) => hostname.includes(filter ?? ""));
    return connection(
      rows.map((certificate) => ({ app, certificate })),
      args,
    );
  },
  machines(app, { active, ...args }: PageArguments & { active?: boolean | null }) {
    const rows = active ? liveMachines(app) : [...app.machines.values()].filter(({ state }) => state !== "destroyed");
    return connection(
      rows.map((machine) => ({ app, machine })),
      args,
    );
  },
  machine(app, { id }: { id: string }) {
    const machine = app.machines.get(id);
    return machine ? { app, machine } : null;
  },
  image: (_app, { ref }: { ref: string }, { world }) => findImage(ref, world.store.state.imagesLost),
  imageDetails(app) {
    const image = liveMachines(app).at(-1)?.imageRef;
    return image ? { ...image, tag: image.tag ?? "", version: null } : null;
  },
  limitedAccessTokens({ name }, args: PageArguments, { world }) {
    return connection(
      [...world.store.state.tokens.values()].filter(({ apps }) => apps?.includes(name)),
      args,
    );
  },
  addOns: none,
  hostIssues: none,
} as const satisfies Fields<AppRow>;

/** Fields of a secret: never its value. */
export const secretFields = {
  id: ({ app, secret }) => `${app.id}:${secret.name}`,
  name: ({ secret }) => secret.name,
  digest: ({ secret }) => secret.digest,
  createdAt: ({ secret }) => timestamp(secret.createdAt),
  user: ({ secret }, _args, asker) => findUser(asker, secret.user),
} as const satisfies Fields<{ readonly app: AppRow; readonly secret: SecretRow }>;

const configDefinition = (app: AppRow) => newestRelease(app)?.definition ?? {};
