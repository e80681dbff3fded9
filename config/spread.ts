/** Machines of one region: exactly so many, or between two bounds. */
export type RegionMachines = { readonly count: number } | { readonly min: number; readonly max: number };

/**
 * Spreads a number of machines over regions as evenly as whole numbers allow: the first regions get the rest.
 *
 * @param regions in the user's order; at least one
 */
export function spreadMachines(
  machines: number | { readonly min: number; readonly max: number },
  regions: readonly string[],
): Readonly<Record<string, RegionMachines>> {
  // A single region takes the number as it is: it may be a Terraform expression, with which nothing can be computed.
  const share = (total: number, index: number) =>
    regions.length === 1 ? total : Math.floor(total / regions.length) + (index < total % regions.length ? 1 : 0);
  return Object.fromEntries(
    regions.map((region, index) => [
      region,
      typeof machines === "number"
        ? { count: share(machines, index) }
        : { min: share(machines.min, index), max: share(machines.max, index) },
    ]),
  );
}

/** The least number of machines that a group has in its primary region, which is the first. */
export function leastInPrimaryRegion(
  machines: number | { readonly min: number; readonly max: number },
  regionCount: number,
): number {
  const total = typeof machines === "number" ? machines : machines.min;
  return regionCount > 1 ? Math.ceil(total / regionCount) : total;
}
