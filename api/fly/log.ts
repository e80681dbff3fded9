import type { Caller } from "./caller";
import type { Fly } from "./client";
import { reading } from "./route";
import { arrayOf, record, type Shape, under } from "./shape";
import type { LogPage } from "./types";

interface Page {
  readonly data: readonly { readonly attributes: LogPage["lines"][number] }[];
  readonly meta: { readonly next_token?: string };
}

const data = under("data", arrayOf(under("attributes", record<LogPage["lines"][number]>({ message: "string" }))));
const meta = under("meta", record<Page["meta"]>({}));
const page: Shape<Page> = (body): body is Page => data(body) && meta(body);

/** @see https://github.com/superfly/flyctl/blob/master/logs/polling.go: not documented (read 2026-08) */
export function logs(caller: Caller): Fly["logs"] {
  return {
    list: async (app, after = "") => {
      const path = `/api/v1/apps/${encodeURIComponent(app)}/logs`;
      const call = reading("log.list", app, path, page, { surface: "logs", query: { next_token: after } });
      const answer = await caller.send(call);
      return { lines: answer.data.map(({ attributes }) => attributes), next: answer.meta.next_token || after };
    },
  };
}
