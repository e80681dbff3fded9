import { isDeepStrictEqual } from "node:util";
import type { FlyReader, Volume } from "../../../api/fly";
import { type Context, type Diagnostic, type PlanRequest, Problem, type Value, whollyKnown } from "../../framework";
import type { FlySettings } from "../fly-resource";
import { keepImported } from "../imported";
import { groupOf } from "../machine-kind";
import { isKept, isLive, unlessGone } from "../ownership";
import type { MachineCount } from "./attributes";
import { isSet, isThere } from "./config-value";
import { volumesToDestroy } from "./destroy";
import { boundsOf } from "./member";
import { recall } from "./memory";
import { foreignMembers, groupExists } from "./reconcile";

/** What nothing on a machine tells that `flyctl deploy` made: how changes reach it, bounds, and who chooses the image. */
const instructions = ["strategy", "max_unavailable", "wait_timeout", "machines", "image", "initial_image"];

/** Refuses what an apply would have to refuse, and says what a destroy takes along. */
export async function planGroup(fly: FlyReader, request: PlanRequest, context: Context<FlySettings>): Promise<void> {
  const { action, planned, prior } = request;
  if (action === "create" && planned) await refuseForeign(fly, planned, context);
  if (action === "update" && planned && prior) {
    refuseVolumeChange(planned.mount, prior.mount);
    keepImported(context.private, planned, prior, { instructions, changes: !fulfils(prior, planned) });
  }
  const replaced = action === "update" && (planned?.app !== prior?.app || planned?.group !== prior?.group);
  if ((action === "delete" || replaced) && prior) await announceVolumes(fly, prior, context);
}

/** Whether an imported group is as planned, as far as Fly can tell. */
function fulfils(prior: Readonly<Record<string, Value>>, planned: Readonly<Record<string, Value>>): boolean {
  const same = (name: string) => isDeepStrictEqual(planned[name], prior[name]);
  return (
    whollyKnown(planned) &&
    Object.keys(planned).every((name) => instructions.includes(name) || same(name)) &&
    (!isSet(planned.image) || same("image")) &&
    inBounds(prior.machines, planned.machines)
  );
}

/** Whether the exact numbers that an import found are within those that are declared. */
function inBounds(found: Value | undefined, declared: Value | undefined): boolean {
  if (!isThere(found) || !isThere(declared)) return false;
  return [...new Set([...Object.keys(found), ...Object.keys(declared)])].every((region) => {
    const there = boundsOf(countOf(found[region])).least;
    const { least, most } = boundsOf(countOf(declared[region]));
    return least <= there && there <= most;
  });
}

function countOf(value: Value | undefined): MachineCount | undefined {
  if (!isThere(value)) return undefined;
  const numbers = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return Object.fromEntries(numbers);
}

async function refuseForeign(
  fly: FlyReader,
  { app, group }: Readonly<Record<string, Value>>,
  { settings }: Context<FlySettings>,
): Promise<void> {
  if (typeof app !== "string" || typeof group !== "string") return;
  const machines = await unlessGone(fly.machines.list(app));
  const foreign = foreignMembers(machines ?? [], { group }, settings.stack);
  if (foreign.length > 0) throw new Problem(groupExists({ app, group }, foreign));
}

function refuseVolumeChange(planned: Value | undefined, prior: Value | undefined): void {
  if (!isThere(planned) || !isThere(prior) || planned.name !== prior.name) return;
  const [before, after] = [prior.size_gb, planned.size_gb];
  const problems: Diagnostic[] = [];
  if (typeof before === "number" && typeof after === "number" && after < before)
    problems.push({
      summary: "Volume cannot shrink",
      path: ["mount", "size_gb"],
      detail: `The configuration says ${after} GB, and ${before} GB were applied to the group's volumes. Fly extends volumes, it does not shrink them. Set size_gb to ${before} or more; or give mount another name: new volumes are then made, and the old ones stay. [fly/volume-shrink]`,
    });
  if (
    typeof planned.encrypted === "boolean" &&
    typeof prior.encrypted === "boolean" &&
    planned.encrypted !== prior.encrypted
  )
    problems.push({
      summary: "Encryption of a volume cannot be changed",
      path: ["mount", "encrypted"],
      detail: `The group's volumes are ${prior.encrypted ? "" : "not "}encrypted, and Fly decides that when a volume is made. Leave encrypted at ${prior.encrypted}; or give mount another name: new volumes are then made, and the old ones stay. [fly/volume-encryption]`,
    });
  if (problems.length > 0) throw new Problem(problems);
}

/** A destroyed volume is gone with its data, so the plan names each. */
async function announceVolumes(
  fly: FlyReader,
  { app, group }: Readonly<Record<string, Value>>,
  context: Context<FlySettings>,
): Promise<void> {
  if (typeof app !== "string" || typeof group !== "string") return;
  const machines = await unlessGone(fly.machines.list(app));
  if (!machines) return;
  const members = machines.filter((machine) => isLive(machine) && groupOf(machine) === group);
  const mounted = members.some(({ config }) => (config?.mounts ?? []).length > 0);
  const { volumes: known } = recall(context.private);
  if (!mounted && known.length === 0) return;
  const volumes = volumesToDestroy(await fly.volumes.list(app), members, known);
  if (volumes.length > 0) context.diagnose(willDestroy({ app, group }, volumes));
}

function willDestroy({ app, group }: { app: string; group: string }, volumes: readonly Volume[]): Diagnostic {
  const named = volumes
    .filter(isKept)
    .map(({ id, name, region, size_gb }) => `${id} (${name} in ${region}, ${size_gb} GB)`);
  return {
    severity: "warning",
    summary: `Destroying group ${group} of ${app} destroys its volumes`,
    detail: `These go with all their data: ${named.join(", ")}. To keep one, take a snapshot first: fly volumes snapshots create <id> [fly/volume-destroy]`,
  };
}
