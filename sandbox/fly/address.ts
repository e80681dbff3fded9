import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "../body";
import { ApiError, forbidden, notFound } from "../error";
import type { AddressRow, AddressType, AppRow } from "../row";
import { type Env, timestamp, type World } from "../world";
import { requireRegion } from "./platform";

/** What can be asked for; `egress_pair` gives two addresses. */
const addressRequest = z.strictObject({
  type: z.enum(["v4", "v6", "shared_v4", "private_v6", "egress_v4", "egress_v6", "egress_pair"]),
  region: z.string().optional(),
  org_slug: z.string().optional(),
  network: z.string().optional(),
  service_name: z.string().optional(),
});

type AddressRequest = z.output<typeof addressRequest>;

/** Addresses of an app. */
export function addressRoutes(world: World) {
  return new Hono<Env>()
    .get("/", (c) => c.json({ ips: [...c.get("app").addresses.values()].map(addressView) }))
    .post("/", async (c) => {
      const [first, second] = allocateAddress(world, c.get("app"), await readBody(c, addressRequest));
      if (first && second) return c.json({ ip_pair: { v4: addressView(first), v6: addressView(second) } });
      return c.json(first && addressView(first));
    })
    .delete("/:ip", (c) => {
      releaseAddress(world, c.get("app"), c.req.param("ip"));
      return c.body(null, 204);
    });
}

/**
 * Gives an app an address, or two for a pair.
 *
 * @throws 400 unknown region, 403 another organization's network, 422 a second shared address
 */
export function allocateAddress(world: World, app: AppRow, request: AddressRequest): AddressRow[] {
  if (request.region && request.region !== "global") requireRegion(request.region);
  if (request.org_slug && request.org_slug !== app.org) {
    throw forbidden(`unauthorized to access organization "${request.org_slug}"`);
  }
  const types: AddressType[] = request.type === "egress_pair" ? ["egress_v4", "egress_v6"] : [request.type];
  const shared = [...app.addresses.values()].find(({ type }) => type === "shared_v4");
  if (request.type === "shared_v4" && shared) {
    throw new ApiError(422, `Validation failed: app already has the shared address ${shared.ip}`);
  }
  return types.map((type) => {
    const network = type === "private_v6" && { name: request.network ?? app.network, org_slug: app.org };
    const row: AddressRow = {
      id: `ip_${world.ids.hex(16)}`,
      ip: newAddress(world, type),
      type,
      region: request.region || "global",
      serviceName: request.service_name ?? "",
      createdAt: world.clock.now(),
      ...(network && { network }),
    };
    app.addresses.set(row.ip, row);
    world.store.touch();
    return row;
  });
}

/** Takes an address from an app. @throws 404 when the app has no such address */
export function releaseAddress(world: World, app: AppRow, ip: string): AddressRow {
  const row = app.addresses.get(ip);
  if (!row) throw notFound(`address ${ip} is not assigned to app "${app.name}"`);
  app.addresses.delete(ip);
  world.store.touch();
  return row;
}

/** An address as the Machines API shows it: without a type. */
function addressView({ ip, region, serviceName, type, createdAt, network }: AddressRow) {
  return {
    ip,
    region,
    service_name: serviceName,
    shared: type === "shared_v4",
    created_at: timestamp(createdAt),
    egress: type.startsWith("egress_"),
    ...(network && { network }),
  };
}

/** An address that no app has; numbers never come twice. */
function newAddress(world: World, type: AddressType): string {
  const number = world.ids.number();
  const [third, fourth] = [Math.floor(number / 250) % 250, (number % 250) + 1];
  const digits = world.ids.hex(8);
  const [high, low] = [digits.slice(0, 4), number.toString(16)];
  switch (type) {
    case "shared_v4":
      return `66.241.${third}.${fourth}`;
    case "v4":
      return `149.248.${third}.${fourth}`;
    case "egress_v4":
      return `209.71.${third}.${fourth}`;
    case "private_v6":
      return `fdaa:0:${high}:0:1::${low}`;
    case "egress_v6":
      return `2605:4c40:${high}::${low}`;
    case "v6":
      return `2a09:8280:1::${high}:${low}`;
  }
}
