import { GraphQLError } from "graphql";
import { allocateAddress, releaseAddress } from "../fly/address";
import type { AddressType } from "../row";
import { isEgress } from "./address";
import { type Asker, visibleOrganization, writableApp } from "./asker";
import type { Fields } from "./resolver";
import { createToken, type NewToken, revokeToken } from "./token";

interface Input<Values> {
  readonly input: Values & { readonly clientMutationId?: string | null };
}

type Optional<Name extends string> = Readonly<Partial<Record<Name, string | null>>>;

type AllocateInput = { readonly appId: string; readonly type: AddressType } & Optional<
  "region" | "network" | "serviceName" | "organizationId"
>;

/** What can be changed, from the root. */
export const mutationFields = {
  allocateIpAddress(_root, { input }: Input<AllocateInput>, asker) {
    const app = writableApp(asker, input.appId);
    const [row] = allocateAddress(asker.world, app, {
      type: input.type,
      ...(input.region && { region: input.region }),
      ...(input.network && { network: input.network }),
      ...(input.serviceName && { service_name: input.serviceName }),
      ...(input.organizationId && { org_slug: organizationSlug(asker, input.organizationId) }),
    });
    return reply(input, { app, ipAddress: row?.type === "shared_v4" ? null : row });
  },
  releaseIpAddress(_root, { input }: Input<Optional<"appId" | "ip" | "ipAddressId">>, asker) {
    const app = writableApp(asker, input.appId ?? "");
    const byId = [...app.addresses.values()].find(({ id }) => id === input.ipAddressId)?.ip;
    releaseAddress(asker.world, app, input.ip || byId || input.ipAddressId || "");
    return reply(input, { app });
  },
  allocateEgressIpAddress(_root, { input }: Input<{ appId: string } & Optional<"machineId" | "region">>, asker) {
    refuseMachine(input.machineId);
    const app = writableApp(asker, input.appId);
    const region = input.region ? { region: input.region } : {};
    const [v4, v6] = allocateAddress(asker.world, app, { type: "egress_pair", ...region });
    return reply(input, { v4: v4?.ip, v6: v6?.ip });
  },
  releaseEgressIpAddress(_root, { input }: Input<{ appId: string } & Optional<"machineId" | "ip">>, asker) {
    refuseMachine(input.machineId);
    const app = writableApp(asker, input.appId);
    const wanted = [...app.addresses.values()].filter(isEgress).find(({ ip }) => ip === input.ip);
    const { ip, type } = releaseAddress(asker.world, app, wanted?.ip ?? "");
    return reply(input, type === "egress_v4" ? { v4: ip } : { v6: ip });
  },
  createLimitedAccessToken: (_root, { input }: Input<NewToken>, asker) => reply(input, createToken(asker, input)),
  deleteLimitedAccessToken: (_root, { input }: Input<Optional<"id" | "token">>, asker) =>
    reply(input, revokeToken(asker, input.id || input.token || "")),
} as const satisfies Fields<unknown>;

/** Payload of a mutation: it gives back the id that the client gave. */
function reply<Payload extends object>({ clientMutationId = null }: Optional<"clientMutationId">, payload: Payload) {
  return { clientMutationId, ...payload };
}

function organizationSlug(asker: Asker, id: string): string {
  return visibleOrganization(asker, id, (row) => row.id === id).slug;
}

/** An egress address belongs to an app; those of one machine are the older kind. */
function refuseMachine(machineId: string | null | undefined): void {
  if (machineId) throw new GraphQLError("not_emulated: egress addresses of single machines; those of an app are");
}
