import type { AddressRow } from "../row";
import { timestamp } from "../world";
import type { Fields } from "./resolver";

/** Fields of an address at which an app is reached. */
export const addressFields = {
  address: ({ ip }) => ip,
  createdAt: ({ createdAt }) => timestamp(createdAt),
  network({ network }, _args, { world }) {
    const organization = network && world.store.state.organizations.get(network.org_slug);
    return organization ? { id: `${organization.id}:${network.name}`, name: network.name, organization } : null;
  },
} as const satisfies Fields<AddressRow>;

/** Fields of an address from which an app's machines reach others. */
export const egressFields = {
  updatedAt: ({ createdAt }) => timestamp(createdAt),
  version: ({ type }) => (type === "egress_v4" ? 4 : 6),
} as const satisfies Fields<AddressRow>;

/** Whether `ipAddresses` lists it: a shared address is under `sharedIpAddress`, egress ones under their own field. */
export const isListed = ({ type }: AddressRow): boolean => ["v4", "v6", "private_v6"].includes(type);

/** Whether it serves calls that go out. */
export const isEgress = ({ type }: AddressRow): boolean => type === "egress_v4" || type === "egress_v6";
