import { Hono } from "hono";
import type { Env, World } from "../world";

/** What a token may do. */
export function tokenRoutes(world: World) {
  return new Hono<Env>().get("/current", (c) => {
    const { tokenId, kind, org, apps, user } = c.get("principal");
    const token = {
      token_id: tokenId,
      org_slug: org,
      organization: world.store.state.organizations.get(org)?.name ?? org,
      apps,
      user,
      restricted_to_machine: "",
      source_machine_id: "",
    };
    return c.json({ tokens: kind === "none" ? [] : [token] });
  });
}
