import { GraphQLError } from "graphql";
import { tokenHash } from "../auth";
import { duration } from "../fly/config-schema";
import { parseDuration } from "../fly/duration";
import type { TokenRow } from "../row";
import { timestamp } from "../world";
import { type Asker, couldNotFind, notAuthorized, requireWriter, visibleApp, visibleOrganization } from "./asker";
import type { Fields } from "./resolver";
import { findUser } from "./user";

/** Input of `createLimitedAccessToken`. */
export interface NewToken {
  readonly name: string;
  readonly organizationId: string;
  readonly profile: string;
  readonly profileParams?: unknown;
  readonly expiry?: string | null;
}

/** Life of a token whose maker names none: 20 years. */
const defaultExpiry = "175200h";

/** Fields of a token; the token itself is in the answer to its creation only, the sandbox keeps a hash. */
export const tokenFields = {
  profile: ({ kind }) => (kind === "app-deploy" ? "deploy" : "deploy_organization"),
  token: ({ id }) => id,
  tokenHeader: ({ tokenHeader }) => tokenHeader ?? null,
  expiresAt: ({ expiresAt }) => timestamp(expiresAt ?? Date.UTC(9999, 11, 31)),
  revokedAt: ({ revokedAt }) => (revokedAt === undefined ? null : timestamp(revokedAt)),
  organization: ({ org }, _args, { world }) => world.store.state.organizations.get(org),
  user: ({ user }, _args, asker) => findUser(asker, user),
} as const satisfies Fields<TokenRow & { tokenHeader?: string }>;

/**
 * Makes a deploy token of an organization or of one app.
 *
 * @throws GraphQLError for any other profile or a bad expiry, and for a token that may not make tokens
 */
export function createToken(asker: Asker, { name, organizationId, profile, profileParams, expiry }: NewToken) {
  const { world, principal } = asker;
  requireWriter(asker, "create tokens");
  if (principal.kind !== "org-deploy") throw notAuthorized("create tokens");
  const organization = visibleOrganization(asker, organizationId, ({ id }) => id === organizationId);
  const life = duration.safeParse(expiry || defaultExpiry);
  if (!life.success) throw new GraphQLError("Expiry is not a duration such as 24h.");
  const token = `fo1_sandbox_${world.ids.hex(24)}`;
  const row: TokenRow = {
    hash: tokenHash(token),
    id: `tok_${world.ids.hex(12)}`,
    name,
    ...scope(asker, profile, profileParams),
    org: organization.slug,
    user: principal.user,
    expiresAt: world.clock.now() + (parseDuration(life.data) ?? 0) / 1e6,
  };
  world.store.state.tokens.set(row.hash, row);
  world.store.touch();
  return { limitedAccessToken: { ...row, tokenHeader: `FlyV1 ${token}` } };
}

/** Takes back the token with that id. @throws "Could not find" for one that is not of the asker's organization */
export function revokeToken(asker: Asker, id: string) {
  const { world, principal } = asker;
  requireWriter(asker, "revoke tokens");
  if (principal.kind !== "org-deploy") throw notAuthorized("revoke tokens");
  const row = [...world.store.state.tokens.values()].find((token) => token.id === id && token.org === principal.org);
  if (!row) throw couldNotFind("LimitedAccessToken", id);
  row.revokedAt ??= world.clock.now();
  world.store.touch();
  return { token: row.id };
}

function scope(asker: Asker, profile: string, params: unknown): Pick<TokenRow, "kind" | "apps"> {
  if (profile === "deploy_organization") return { kind: "org-deploy" };
  const app = typeof params === "object" && params !== null && "app_id" in params ? params.app_id : undefined;
  if (profile === "deploy" && typeof app === "string") {
    return { kind: "app-deploy", apps: [visibleApp(asker, app).name] };
  }
  throw new GraphQLError(
    `not_emulated: the sandbox makes tokens with the profiles deploy (of one app) and deploy_organization, not ${profile}`,
  );
}
