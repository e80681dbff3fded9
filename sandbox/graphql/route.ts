import { type DocumentNode, type ExecutionResult, execute, GraphQLError, parse, validate } from "graphql";
import { Hono } from "hono";
import { z } from "zod";
import { findPrincipal } from "../auth";
import { readBody } from "../body";
import { ApiError } from "../error";
import type { Env, World } from "../world";
import { addressFields, egressFields } from "./address";
import { appFields, secretFields } from "./app";
import type { Asker } from "./asker";
import { certificateFields } from "./certificate";
import { machineFields } from "./machine";
import { mutationFields } from "./mutation";
import { organizationFields } from "./organization";
import { queryFields, regionFields } from "./query";
import { releaseFields, unprocessedReleaseFields } from "./release";
import { attach } from "./resolver";
import { schema } from "./schema";
import { tokenFields } from "./token";

attach(schema, {
  Queries: queryFields,
  Mutations: mutationFields,
  App: appFields,
  AppCertificate: certificateFields,
  EgressIPAddress: egressFields,
  IPAddress: addressFields,
  LimitedAccessToken: tokenFields,
  Machine: machineFields,
  Organization: organizationFields,
  Region: regionFields,
  Release: releaseFields,
  ReleaseUnprocessed: unprocessedReleaseFields,
  Secret: secretFields,
});

const bodySchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Fly's GraphQL API: one route, and HTTP 200 for every answer that GraphQL itself gives, errors included. */
export function graphqlRoutes(world: World) {
  return new Hono<Env>().post("/", async (c) => {
    const { query, variables, operationName } = await readBody(c, bodySchema, { keepNulls: true });
    const principal = findPrincipal(world, c.req.header("Authorization"));
    if (!principal) return c.json(render({ data: null, errors: [unauthenticated] }));
    const document = parseQuery(query);
    if (document instanceof GraphQLError) return c.json(render({ errors: [document] }));
    const errors = validate(schema, document);
    if (errors.length > 0) return c.json(render({ errors }));
    const contextValue: Asker = { world, principal };
    return c.json(
      render(await execute({ schema, document, contextValue, variableValues: variables ?? null, operationName })),
    );
  });
}

const unauthenticated = new GraphQLError("You must be authenticated to view this.", {
  extensions: { code: "UNAUTHORIZED" },
});

function parseQuery(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function render({ data, errors }: ExecutionResult) {
  return { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(describe) }) };
}

const codes: Readonly<Record<number, string>> = { 401: "UNAUTHORIZED", 403: "UNAUTHORIZED", 404: "NOT_FOUND" };

/** An error in GraphQL's shape; a refusal that the Machines API makes too keeps its words. */
function describe(error: GraphQLError) {
  const refusal = error.originalError;
  if (!(refusal instanceof ApiError)) return error.toJSON();
  return { ...error.toJSON(), extensions: { code: codes[refusal.status] ?? "UNPROCESSABLE" } };
}
