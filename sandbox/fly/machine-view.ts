import type { AppRow, EventRow, MachineRow } from "../row";
import { timestamp, type World } from "../world";
import { checkStatuses } from "./check";
import { findLease } from "./lease";

/** Events that a machine shows; the rest is under `/events`. */
const eventsShown = 5;

/** A machine as the Machines API shows it. */
export function machineView(world: World, app: AppRow, machine: MachineRow, { leases = false, summary = false } = {}) {
  const { id, name, state, region, instanceId, privateIp, config, imageRef, hostStatus, cordoned } = machine;
  const head = {
    id,
    name,
    state,
    region,
    instance_id: instanceId,
    version: instanceId,
    private_ip: privateIp,
    image_ref: imageRef,
    created_at: timestamp(machine.createdAt),
    updated_at: timestamp(machine.updatedAt),
    cordoned,
  };
  if (summary) return head;
  const reachable = hostStatus === "ok";
  const lease = leases ? findLease(world, machine) : undefined;
  const { containers } = config;
  return {
    ...head,
    config: reachable ? config : null,
    incomplete_config: reachable ? null : config,
    events: machine.events.slice(0, eventsShown).map(eventView),
    checks: checkStatuses(world, app, machine),
    host_status: hostStatus,
    ...(lease && {
      lease: { description: lease.description, expires_at: Math.floor(lease.expiresAt / 1000), owner: lease.owner },
    }),
    ...(containers && { containers: containers.map((container) => ({ name: container.name, state })) }),
  };
}

/** An event as the Machines API shows it. */
export function eventView({ id, type, status, source, timestamp: at, request, migrated }: EventRow) {
  return { id, type, status, source, timestamp: at, ...(request && { request }), ...(migrated && { migrated }) };
}
