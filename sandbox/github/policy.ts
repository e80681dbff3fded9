import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../world";
import { type GithubContext, type GithubEnv, page, readJson, record } from "./context";
import { getEnvironment } from "./environment";
import { missing } from "./error";
import { nodeId } from "./node-id";

const policyBody = z.object({ name: z.string().min(1), type: z.enum(["branch", "tag"]).default("branch") });

/** Names of branches and tags that may deploy to an environment. */
export function policyRoutes(world: World) {
  const get = (c: GithubContext) => {
    const row = getEnvironment(c).branchPolicies.get(Number(c.req.param("policy")));
    if (!row) throw missing();
    return row;
  };
  const view = (row: ReturnType<typeof get>) => ({ ...row, node_id: nodeId("Gate", row.id) });
  return new Hono<GithubEnv>()
    .get("/", (c) => {
      const all = [...getEnvironment(c).branchPolicies.values()];
      return c.json({ total_count: all.length, branch_policies: page(c, all).map(view) });
    })
    .post("/", async (c) => {
      const { policy, branchPolicies, name: environment } = getEnvironment(c);
      // GitHub answers 404 where custom policies are off.
      if (!policy?.custom_branch_policies) throw missing();
      const { name, type } = await readJson(c, policyBody);
      const before = [...branchPolicies.values()].find((one) => one.name === name && one.type === type);
      if (before) return c.json(view(before));
      const row = { id: world.ids.number(), name, type };
      branchPolicies.set(row.id, row);
      record(world, c, "environment.add_deployment_branch_policy", `${environment}: ${name}`);
      return c.json(view(row));
    })
    .get("/:policy", (c) => c.json(view(get(c))))
    .put("/:policy", async (c) => {
      const row = get(c);
      row.name = (await readJson(c, policyBody)).name;
      record(world, c, "environment.update_deployment_branch_policy", row.name);
      return c.json(view(row));
    })
    .delete("/:policy", (c) => {
      const { id, name } = get(c);
      getEnvironment(c).branchPolicies.delete(id);
      record(world, c, "environment.remove_deployment_branch_policy", name);
      return c.body(null, 204);
    });
}
