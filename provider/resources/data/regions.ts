import { bool, objectList, string } from "../../framework";
import { flyDataSource } from "../fly-resource";

/** The regions that Fly offers now. */
export const regionsData = flyDataSource({
  type: "fly_regions",
  summary: "The regions that Fly offers now.",
  attributes: {
    regions: objectList(
      "computed",
      {
        code: string("computed", { doc: "Code, such as lhr." }),
        name: string("computed", { doc: "Name for people." }),
        geo_region: string("computed", {
          doc: "africa, asia_pacific, europe, north_america or south_america; empty when Fly does not say.",
        }),
        gateway_available: bool("computed", { doc: "Has a WireGuard gateway." }),
        requires_paid_plan: bool("computed", { doc: "Only for organizations on a paid plan." }),
        deprecated: bool("computed", { doc: "Takes no new machines." }),
      },
      { doc: "Ordered by code." },
    ),
  },
  async read(fly) {
    const all = await fly.regions.list();
    const regions = all.map((one) => ({
      code: one.code,
      name: one.name,
      geo_region: one.geo_region ?? "",
      gateway_available: one.gateway_available ?? false,
      requires_paid_plan: one.requires_paid_plan ?? false,
      deprecated: one.deprecated ?? false,
    }));
    return { regions: regions.sort((a, b) => a.code.localeCompare(b.code)) };
  },
});
