import { z } from "zod";
import type { Caller } from "./caller";

type Query = Readonly<Record<string, string | number | undefined>>;

const perPage = 100;

/** Most pages of one list; more is a mistake of ours or of the host. */
const pagesAtMost = 50;

/** All of a list. */
export const listed = <One extends z.ZodType>(
  caller: Caller,
  path: string,
  one: One,
  query: Query = {},
): Promise<z.output<One>[]> => pages(caller, path, z.array(one), (page) => page, query);

/** All of a list that stands under a name. */
export const listedUnder = <One extends z.ZodType>(
  caller: Caller,
  path: string,
  name: string,
  one: One,
  query: Query = {},
): Promise<z.output<One>[]> =>
  pages(caller, path, z.object({ [name]: z.array(one) }), (page) => page[name] ?? [], query);

/**
 * Page after page, until one is neither full nor followed by another. The number is counted here and no link is followed: a link could
 * lead the token to another host, and not every list has them.
 */
async function pages<Page extends z.ZodType, One>(
  caller: Caller,
  path: string,
  answer: Page,
  itemsOf: (page: z.output<Page>) => One[],
  query: Query,
): Promise<One[]> {
  const all: One[] = [];
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const received = await caller.send({ method: "GET", path, query: { ...query, per_page: perPage, page }, answer });
    const items = itemsOf(received.value);
    all.push(...items);
    const isFollowed = /rel="?next"?/.test(received.header("link") ?? "");
    if (items.length < perPage && !isFollowed) break;
  }
  return all;
}
