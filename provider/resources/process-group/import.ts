import { type MachineAttributes, machineAttributes, type ProcessGroup, strategies } from "./attributes";
import { writtenOut } from "./canonical";
import { machineDifferences, type Reading, readMembers } from "./divergence";
import type { AppSight } from "./look";
import { userMetadata } from "./machine-config";
import { type GroupRecord, recordOf, secretsVersionOf } from "./mark";
import { countsOf } from "./member";

/**
 * The state of a group that is taken over: what most of its machines are, and what this program recorded on them if it made
 * them. Machines of others give the defaults, and their image as both `image` and `initial_image`: nothing says which it is.
 *
 * @returns undefined when there is nothing to take over
 */
export function importGroup(app: string, group: string, sight: AppSight): ProcessGroup | undefined {
  const readings = readMembers(sight);
  const typical = mostCommon(readings);
  if (!typical) return undefined;
  const { machine, attributes } = typical;
  const record: Partial<GroupRecord> = recordOf(machine) ?? {};
  const image = machine.config?.image;
  const recorded = record.initial_image === undefined ? { image } : { initial_image: record.initial_image };
  const machines = record.machines ?? countsOf(sight.members);
  const secrets_version = lowest(sight.members.map(secretsVersionOf));
  return {
    ...writtenOut(machineAttributes, attributes),
    metadata: userMetadata(machine.config?.metadata),
    id: `${app}/${group}`,
    app,
    group,
    machines,
    primary_region: machine.config?.env?.PRIMARY_REGION ?? Object.keys(machines).sort()[0],
    strategy: strategies.find((one) => one === record.strategy) ?? "rolling",
    max_unavailable: record.max_unavailable ?? "33%",
    wait_timeout: record.wait_timeout ?? "5m0s",
    ...(recordOf(machine) ? recorded : { image, initial_image: image }),
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

function lowest(versions: readonly (number | undefined)[]): number | undefined {
  const known = versions.filter((one): one is number => one !== undefined);
  return known.length > 0 && known.length === versions.length ? Math.min(...known) : undefined;
}
