import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, invalid, precondition } from "../error";
import { liveMachines } from "../store";
import type { Env, World } from "../world";
import { guest } from "./config-schema";

type Geo = "africa" | "asia_pacific" | "europe" | "north_america" | "south_america";

/** Code, name, latitude, longitude, part of the world. @see fly docs reference/regions (read 2026-08) */
const regionTable: readonly (readonly [string, string, number, number, Geo])[] = [
  ["ams", "Amsterdam, Netherlands", 52.37, 4.9, "europe"],
  ["arn", "Stockholm, Sweden", 59.65, 17.92, "europe"],
  ["bom", "Mumbai, India", 19.09, 72.87, "asia_pacific"],
  ["cdg", "Paris, France", 48.86, 2.35, "europe"],
  ["dfw", "Dallas, Texas (US)", 32.78, -96.81, "north_america"],
  ["ewr", "Secaucus, NJ (US)", 40.79, -74.06, "north_america"],
  ["fra", "Frankfurt, Germany", 50.12, 8.64, "europe"],
  ["gru", "Sao Paulo, Brazil", -23.55, -46.63, "south_america"],
  ["iad", "Ashburn, Virginia (US)", 39.02, -77.46, "north_america"],
  ["jnb", "Johannesburg, South Africa", -26.2, 28.04, "africa"],
  ["lax", "Los Angeles, California (US)", 33.94, -118.41, "north_america"],
  ["lhr", "London, United Kingdom", 51.52, -0.6, "europe"],
  ["nrt", "Tokyo, Japan", 35.62, 139.75, "asia_pacific"],
  ["ord", "Chicago, Illinois (US)", 41.89, -87.62, "north_america"],
  ["sin", "Singapore, Singapore", 1.3, 103.85, "asia_pacific"],
  ["sjc", "San Jose, California (US)", 37.35, -121.96, "north_america"],
  ["syd", "Sydney, Australia", -33.87, 151.22, "asia_pacific"],
  ["yyz", "Toronto, Canada", 43.65, -79.38, "north_america"],
];

const withoutGateway = ["gru", "jnb"];

/** Region that is nearest to the sandbox. */
export const nearestRegion = "iad";

/** Regions as the Machines API shows them. */
export const regions = regionTable.map(([code, name, latitude, longitude, geo_region]) => ({
  code,
  name,
  latitude,
  longitude,
  gateway_available: !withoutGateway.includes(code),
  requires_paid_plan: false,
  deprecated: false,
  geo_region,
  mpg_available: !withoutGateway.includes(code),
}));

/** What an alias stands for, nearest first. A guess for the order. */
const aliases: Readonly<Record<string, readonly Geo[]>> = {
  any: ["north_america", "europe", "asia_pacific", "south_america", "africa"],
  na: ["north_america"],
  us: ["north_america"],
  sa: ["south_america"],
  eu: ["europe"],
  apac: ["asia_pacific"],
};

const placementBody = z.strictObject({
  org_slug: z.string(),
  compute: guest.optional(),
  region: z.string().optional(),
  count: z.int().min(1).default(1),
  volume_name: z.string().optional(),
  volume_size_bytes: z.int().optional(),
  weights: z.record(z.string(), z.number()).optional(),
});

/** The parts of the platform that belong to nobody: regions, and where there is room. */
export function platformRoutes(world: World) {
  return new Hono<Env>()
    .get("/regions", (c) => c.json({ nearest: nearestRegion, regions }))
    .post("/placements", async (c) => {
      const { region, count } = await readBody(c, placementBody);
      return c.json({ regions: [{ region: chooseRegion(world, region), count, concurrency: count }] });
    });
}

/**
 * The region of a new machine: the first with room from a list such as `iad,dfw` or an alias such as `eu`.
 *
 * @throws 400 unknown region, 412 no room in any
 */
export function chooseRegion(world: World, wish: string | undefined): string {
  const codes = (wish || nearestRegion).split(",").flatMap((part) => {
    const parts = aliases[part.trim()];
    if (parts) return regions.filter((region) => parts.includes(region.geo_region)).map(({ code }) => code);
    requireRegion(part.trim());
    return [part.trim()];
  });
  const free = codes.find((code) => hasRoom(world, code));
  if (free) return free;
  requireRoom(world, codes[0] ?? nearestRegion);
  return nearestRegion;
}

/** Refuses (400) a code that is not a region. */
export function requireRegion(code: string): void {
  if (!regions.some((region) => region.code === code)) throw invalid(`region "${code}" not found`);
}

/** Refuses (412) a region that does not answer or has no room left, be it for a machine with a volume. */
export function requireRoom(world: World, code: string, { volume }: { volume?: string } = {}): void {
  if (hasRoom(world, code)) return;
  const text = volume
    ? `insufficient resources to create new machine with existing volume '${volume}'`
    : "could not reserve resource for machine: insufficient CPUs available to fulfill request";
  throw precondition(text, "insufficient_capacity");
}

/** Refuses (422) one machine more than the organization may have. */
export function requireQuota(world: World, org: string): void {
  const { organizations, apps } = world.store.state;
  const quota = organizations.get(org)?.quota;
  if (quota === undefined) return;
  let count = 0;
  for (const app of apps.values()) if (app.org === org) count += liveMachines(app).length;
  if (count >= quota) throw new ApiError(422, `organization "${org}" has reached its limit of ${quota} machines`);
}

/** Whether a region answers and takes another machine. */
export function hasRoom(world: World, code: string): boolean {
  const { regionsDown, regionsFull } = world.store.state;
  return !regionsDown.has(code) && !regionsFull.has(code);
}
