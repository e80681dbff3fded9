import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type GithubContext, type GithubEnv, page, readJson, record, repositoryUrl } from "./context";
import { badField, missing } from "./error";
import { nodeId } from "./node-id";
import type { LabelRow } from "./row";

const labelBody = z.object({
  name: z.string().min(1),
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

/** A label as the REST API shows it. */
export function labelView(c: GithubContext, { id, name, color, description, isDefault }: LabelRow) {
  const url = repositoryUrl(c, c.get("repository"), `/labels/${encodeURIComponent(name)}`);
  return { id, node_id: nodeId("Label", id), url, name, color, description, default: isDefault };
}

/** Labels of a repository. */
export function labelRoutes(world: World) {
  const get = (c: GithubContext) => {
    const row = c.get("repository").labels.get((c.req.param("label") ?? "").toLowerCase());
    if (!row) throw missing();
    return row;
  };
  const checkColor = (color: string | undefined) => {
    if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) throw badField("Label", "color", "invalid");
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => c.json(page(c, [...c.get("repository").labels.values()]).map((row) => labelView(c, row))))
    .post("/", async (c) => {
      const { name, color = "ededed", description = null } = await readJson(c, labelBody);
      const { labels } = c.get("repository");
      if (labels.has(name.toLowerCase())) throw badField("Label", "name", "already_exists");
      checkColor(color);
      const row = { id: world.ids.number(), name, color, description, isDefault: false };
      labels.set(name.toLowerCase(), row);
      record(world, c, "label.create", name);
      return c.json(labelView(c, row), 201);
    })
    .get("/:label{.+}", (c) => c.json(labelView(c, get(c))))
    .patch("/:label{.+}", async (c) => {
      const row = get(c);
      const { labels } = c.get("repository");
      const { new_name, name = new_name, color, description } = await readJson(c, labelBody.partial());
      checkColor(color);
      labels.delete(row.name.toLowerCase());
      Object.assign(row, (new_name ?? name) && { name: new_name ?? name }, color && { color });
      if (description !== undefined) row.description = description;
      labels.set(row.name.toLowerCase(), row);
      record(world, c, "label.update", row.name);
      return c.json(labelView(c, row));
    })
    .delete("/:label{.+}", (c) => {
      const { name } = get(c);
      c.get("repository").labels.delete(name.toLowerCase());
      record(world, c, "label.destroy", name);
      return c.body(null, 204);
    });
}
