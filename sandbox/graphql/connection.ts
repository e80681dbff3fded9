import { GraphQLError } from "graphql";

/** Arguments of every connection, as GraphQL gives them. */
export interface PageArguments {
  readonly after?: string | null;
  readonly before?: string | null;
  readonly first?: number | null;
  readonly last?: number | null;
}

/**
 * A page of rows in the shape of a Relay connection; a cursor stands for a position in the whole list.
 *
 * @throws GraphQLError for a cursor that is none of ours or a negative size
 */
export function connection<Row>(rows: readonly Row[], args: PageArguments) {
  let start = args.after ? position(args.after) + 1 : 0;
  let end = args.before ? Math.min(position(args.before), rows.length) : rows.length;
  if (size(args.first) !== undefined) end = Math.min(end, start + (args.first ?? 0));
  if (size(args.last) !== undefined) start = Math.max(start, end - (args.last ?? 0));
  const nodes = rows.slice(start, end);
  const cursors = nodes.map((_row, index) => cursor(start + index));
  return {
    nodes,
    edges: nodes.map((node, index) => ({ cursor: cursors[index], node })),
    pageInfo: {
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
      hasPreviousPage: start > 0 && nodes.length > 0,
      hasNextPage: end < rows.length,
    },
    totalCount: rows.length,
  };
}

const cursor = (index: number) => Buffer.from(String(index)).toString("base64url");

function position(text: string): number {
  const decoded = Buffer.from(text, "base64url").toString();
  if (!/^\d{1,9}$/.test(decoded)) throw new GraphQLError(`${JSON.stringify(text)} is not a valid cursor.`);
  return Number(decoded);
}

function size(count: number | null | undefined): number | undefined {
  if (typeof count === "number" && count < 0) throw new GraphQLError("A page has no negative size.");
  return count ?? undefined;
}
