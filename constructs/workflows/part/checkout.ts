import type { Text, Trusted } from "../model/expression";
import { use } from "../model/step";

/** Checks the commit out; the job's token does not stay in the checkout (W03). */
export const checkout = ({
  ref,
  history = false,
}: {
  readonly ref?: Trusted | Text;
  readonly history?: boolean;
} = {}) =>
  use("Check out", "actions/checkout", {
    "persist-credentials": false,
    ...(ref !== undefined && { ref }),
    ...(history && { "fetch-depth": 0 }),
  });
