/** What a fast sweep says about the stacks that it did not read. */
import { harmless } from "./harmless";
import type { Report } from "./model";
import { table } from "./table";
import type { Wording } from "./terminal";

/** undefined: everything was read. */
export function unreadText({ unread = [] }: Report, { paint, program }: Wording): string | undefined {
  if (unread.length === 0) return undefined;
  const rows = unread.map(({ stack, since, listed }) => ({
    cells: [harmless(stack), since, listed ? "nothing moved in the listing" : "nothing was looked at"],
  }));
  return [
    table(["Not read", "As declared on", "Since then"], rows, paint),
    "",
    "  A listing shows an app's status and number of volumes, and of each machine its version, state, size, image and metadata.",
    `  Not read: ${unseen}.`,
    `  Whether these stacks are as declared is not known. To read everything: ${program} drift`,
  ].join("\n");
}

/** What listings do not show. */
const unseen =
  "secrets, addresses, certificates, volumes, checks, cordons, events, whatever else changes without a new version of a machine, and GitHub";
