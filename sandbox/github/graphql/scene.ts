import type { World } from "../../world";
import type { Asker } from "../asker";
import type { RepositoryRow } from "../row";

/** Everything that a field needs to answer. */
export interface Scene {
  readonly world: World;
  readonly asker: Asker;
  readonly requestId: string;
  /** A repository as a node: whatever hangs on one points back to it. */
  repository(row: RepositoryRow): object;
}

/** Arguments of a list. */
export interface ListArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/** A list as GraphQL gives it, in pages. */
export function connection<Item, Node>(items: readonly Item[], given: ListArguments, toNode: (item: Item) => Node) {
  const start = given.after ? Number(Buffer.from(given.after, "base64").toString("utf8")) : 0;
  const size = given.first ?? given.last ?? items.length;
  const shown = given.last ? items.slice(-given.last) : items.slice(start, start + size);
  const end = start + shown.length;
  const cursor = (index: number) => Buffer.from(String(index)).toString("base64");
  const nodes = shown.map(toNode);
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursor(start + index + 1) })),
    pageInfo: {
      endCursor: shown.length > 0 ? cursor(end) : null,
      startCursor: shown.length > 0 ? cursor(start + 1) : null,
      hasNextPage: !given.last && end < items.length,
      hasPreviousPage: start > 0,
    },
  };
}
