import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { at, type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { GithubError, missing } from "./error";
import type { VariableRow } from "./row";
import { checkName, type Holder } from "./secret";

const variableBody = z.object({ name: z.string(), value: z.string() });

/** Variables of Actions. */
export function variableRoutes(world: World, holderOf: (c: GithubContext) => Holder) {
  const view = ({ name, value, createdAt, updatedAt }: VariableRow) => ({
    name,
    value,
    created_at: at(createdAt),
    updated_at: at(updatedAt),
  });
  const get = (c: GithubContext) => {
    const row = holderOf(c).variables.get((c.req.param("variable") ?? "").toUpperCase());
    if (!row) throw missing();
    return row;
  };
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const all = [...holderOf(c).variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      return c.json({ total_count: all.length, variables: page(c, all).map(view) });
    })
    .post("/", async (c) => {
      const { name: given, value } = await readJson(c, variableBody);
      const name = given.toUpperCase();
      checkName(name);
      const { variables } = holderOf(c);
      if (variables.has(name)) throw new GithubError(409, "Already exists - Variable already exists");
      const now = world.clock.now();
      variables.set(name, { name, value, createdAt: now, updatedAt: now });
      record(world, c, "repo.create_actions_variable", name);
      return c.json({}, 201);
    })
    .get("/:variable", (c) => c.json(view(get(c))))
    .patch("/:variable", async (c) => {
      const { value } = await readJson(c, variableBody.partial());
      const row = get(c);
      Object.assign(row, value !== undefined && { value }, { updatedAt: world.clock.now() });
      record(world, c, "repo.update_actions_variable", row.name);
      return c.body(null, 204);
    })
    .delete("/:variable", (c) => {
      const { name } = get(c);
      holderOf(c).variables.delete(name);
      record(world, c, "repo.remove_actions_variable", name);
      return c.body(null, 204);
    });
}
