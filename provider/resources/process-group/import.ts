import type { Machine } from "../../../api/fly";
import { type MachineAttributes, type ProcessGroup, strategies } from "./attributes";
import { machineDifferences, type Reading, readMembers } from "./divergence";
import type { AppSight } from "./look";
import { userMetadata } from "./machine-config";
import { type GroupRecord, recordOf, secretsVersionOf } from "./mark";

/**
 * The state of a group that is taken over: what most of its machines are, and what this program recorded on them if it made
 * them. Machines of others give the defaults, and an image that deployments manage if the app has a release.
 *
 * @returns undefined when there is nothing to take over
 */
export function importGroup(app: string, group: string, sight: AppSight): ProcessGroup | undefined {
  const readings = readMembers(sight);
  const typical = mostCommon(readings);
  if (!typical) return undefined;
  const { machine, attributes } = typical;
  const record: Partial<GroupRecord> = recordOf(machine) ?? {};
  const outside = recordOf(machine) ? record.initial_image !== undefined : sight.releases.length > 0;
  const machines = record.machines ?? countByRegion(sight.members);
  const secrets_version = lowest(sight.members.map(secretsVersionOf));
  return {
    ...attributes,
    metadata: userMetadata(machine.config?.metadata),
    id: `${app}/${group}`,
    app,
    group,
    machines,
    primary_region: machine.config?.env?.PRIMARY_REGION ?? Object.keys(machines).sort()[0],
    strategy: strategies.find((one) => one === record.strategy) ?? "rolling",
    max_unavailable: record.max_unavailable ?? "33%",
    wait_timeout: record.wait_timeout ?? "5m0s",
    ...(outside ? { initial_image: record.initial_image ?? machine.config?.image } : { image: machine.config?.image }),
    ...(secrets_version !== undefined && { secrets_version }),
    divergence: {},
  };
}

/** The reading that most others agree with; of several, the first. */
function mostCommon(readings: readonly Reading[]): Reading | undefined {
  const votes = readings.map(
    ({ attributes }) => readings.filter((other) => agree(attributes, other.attributes)).length,
  );
  return readings[votes.indexOf(Math.max(...votes))];
}

function agree(a: MachineAttributes, b: MachineAttributes): boolean {
  return machineDifferences(a, b).length === 0;
}

function countByRegion(members: readonly Machine[]): ProcessGroup["machines"] {
  const regions = [...new Set(members.map(({ region }) => region))].sort();
  return Object.fromEntries(
    regions.map((region) => [region, { count: members.filter((one) => one.region === region).length }]),
  );
}

function lowest(versions: readonly (number | undefined)[]): number | undefined {
  const known = versions.filter((one): one is number => one !== undefined);
  return known.length > 0 && known.length === versions.length ? Math.min(...known) : undefined;
}
