import type { Text } from "../model/expression";
import { when } from "../model/expression";
import { type Step, use } from "../model/step";

/**
 * Keeps files as an artifact of the run for `days`, also when the job failed. Without any such file the step fails; with `optional` it warns.
 * Names that begin with a dot are left out, unless `hidden`.
 */
export const keep = (
  name: string | Text,
  path: string,
  days: number,
  { optional = false, hidden = false }: { readonly optional?: boolean; readonly hidden?: boolean } = {},
): Step =>
  use(
    `Keep ${typeof name === "string" ? name : "the files"}`,
    "actions/upload-artifact",
    {
      name,
      path,
      "retention-days": days,
      "if-no-files-found": optional ? "warn" : "error",
      ...(hidden && { "include-hidden-files": true }),
    },
    { if: when`!cancelled()` },
  );

/** Fetches what an earlier job of the run kept. */
export const fetch = (name: string, path: string): Step =>
  use(`Fetch ${name}`, "actions/download-artifact", { name, path });
