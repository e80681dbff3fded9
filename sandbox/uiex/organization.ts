import { Hono } from "hono";
import { ApiError } from "../error";
import type { OrganizationRow } from "../row";
import type { Env, World } from "../world";

/** Organizations as uiex shows them: the one that the token belongs to. */
export function organizationRoutes(world: World) {
  const visible = (org: string, kind: string) => {
    const row = kind === "none" ? undefined : world.store.state.organizations.get(org);
    return row ? [row] : [];
  };
  return new Hono<Env>()
    .get("/", (c) => {
      const { org, kind } = c.get("principal");
      return c.json({ organizations: visible(org, kind).map(view) });
    })
    .get("/:slug", (c) => {
      const { org, kind } = c.get("principal");
      const row = visible(org, kind).find(({ slug }) => slug === c.req.param("slug"));
      if (!row) throw new ApiError(404, `Could not find Organization "${c.req.param("slug")}"`);
      return c.json({ organization: view(row) });
    });
}

function view({ id, slug, name, internalNumericId }: OrganizationRow) {
  return {
    id,
    internal_numeric_id: internalNumericId,
    slug,
    raw_slug: slug,
    name,
    personal: false,
    paid_plan: false,
    billable: true,
    billing_status: "CURRENT",
    provisions_beta_extensions: false,
    remote_builder_image: "registry.fly.io/rchab:latest",
  };
}
