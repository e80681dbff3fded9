import * as z from "zod";
import { didYouMean } from "./problem";

/** An object that takes no other keys; an unknown one is answered with the nearest known. */
export function strict<S extends z.core.$ZodShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      return issue.keys
        .map((key) => `"${key}" is not a key here;${didYouMean(key, known) || ` known are ${known.join(", ")}`}`)
        .join(" · ");
    },
  });
}
