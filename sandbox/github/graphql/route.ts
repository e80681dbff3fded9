import {
  type ExecutionResult,
  execute,
  GraphQLError,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../../world";
import { requireAsker } from "../asker";
import { type GithubEnv, readJson } from "../context";
import { GithubError } from "../error";
import { mutations } from "./mutation";
import { queries } from "./query";
import { repositoryNode } from "./repository-node";
import type { Scene } from "./scene";
import { githubSchema } from "./schema";

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Both clients send queries that break this rule, and GitHub answers them. */
const rules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

/** GitHub's GraphQL API: one route, on the published schema; what is not emulated and may be null is null. */
export function githubGraphqlRoutes(world: World) {
  const routes = new Hono<GithubEnv>().post("/", async (c) => {
    const asker = requireAsker(world, c.req.header("Authorization"));
    c.header("X-GitHub-Request-Id", c.get("requestId"));
    if (asker.token.kind === "classic") c.header("X-OAuth-Scopes", asker.token.scopes.join(", "));
    const { query, variables, operationName } = await readJson(c, body);
    const scene: Scene = {
      world,
      asker,
      requestId: c.get("requestId"),
      repository: (row) => repositoryNode(scene, row),
    };
    return c.json(render(await answer(scene, query, variables ?? {}, operationName ?? undefined)));
  });
  routes.onError((error, c) => {
    if (error instanceof GithubError) return c.json(error.body(), error.status);
    return c.json({ message: `the sandbox failed: ${error.stack ?? error.message}` }, 500);
  });
  return routes;
}

async function answer(
  scene: Scene,
  query: string,
  variableValues: Record<string, unknown>,
  operationName?: string,
): Promise<ExecutionResult> {
  const schema = githubSchema();
  try {
    const document = parse(query);
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return { errors };
    const isWrite = document.definitions.some((one) => "operation" in one && one.operation === "mutation");
    if (isWrite && scene.world.mode.readOnly)
      return { errors: [new GraphQLError("The sandbox is in read-only mode.")] };
    const rootValue = isWrite ? mutations(scene) : queries(scene);
    return await execute({ schema, document, rootValue, variableValues, operationName });
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

function render({ data, errors }: ExecutionResult) {
  return { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(describe) }) };
}

/** An error with its `type` where GitHub has it; a refusal of the REST API keeps its words. */
function describe({ message, path, locations, extensions, originalError }: GraphQLError) {
  const refusal = originalError instanceof GithubError ? originalError : undefined;
  const code = { 403: "FORBIDDEN", 404: "NOT_FOUND", 422: "UNPROCESSABLE" }[refusal?.status as 403 | 404 | 422];
  const type = code ?? extensions.type;
  const details = (refusal?.errors ?? []).map((one) =>
    typeof one === "string" ? one : (one.message ?? `${one.field} ${one.code}`),
  );
  const words = details.length > 0 ? details.join(", ") : message;
  return {
    ...(type !== undefined && { type }),
    ...(path && { path }),
    ...(locations && { locations }),
    message: words,
  };
}
