import { GraphQLError } from "graphql";

/** The refusal of a global id that names nothing, as the provider expects it. */
export const notFound = (id: string) =>
  new GraphQLError(`Could not resolve to a node with the global id of '${id}'`, { extensions: { type: "NOT_FOUND" } });
