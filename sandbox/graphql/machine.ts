import type { AppRow, MachineRow } from "../row";
import { timestamp } from "../world";
import { connection, type PageArguments } from "./connection";
import type { Fields } from "./resolver";

/** A machine with the app it belongs to. */
export interface AppMachine {
  readonly app: AppRow;
  readonly machine: MachineRow;
}

/** Fields of a machine: the few things that GraphQL knows of one. */
export const machineFields = {
  id: ({ machine }) => machine.id,
  name: ({ machine }) => machine.name,
  state: ({ machine }) => machine.state,
  region: ({ machine }) => machine.region,
  config: ({ machine }) => machine.config,
  instanceId: ({ machine }) => machine.instanceId,
  createdAt: ({ machine }) => timestamp(machine.createdAt),
  updatedAt: ({ machine }) => timestamp(machine.updatedAt),
  host: ({ machine }) => ({ id: `host-${machine.region}` }),
  ips({ machine: { id, privateIp } }, args: PageArguments) {
    return connection([{ id: `${id}-ip`, family: "v6", kind: "privatenet", ip: privateIp, maskSize: 112 }], args);
  },
  egressIpAddresses: (_row, args: PageArguments) => connection([], args),
} as const satisfies Fields<AppMachine>;
