import type { Context } from "hono";
import type { z } from "zod";
import { invalid } from "./error";

/**
 * The JSON body of a request, checked; no body counts as `{}`, and null counts as absent as in Go.
 *
 * @param keepNulls where null has a meaning of its own (a secret or a metadata key to remove)
 * @throws 400 that names every unknown field and every value of a wrong type, and shows no value
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  { keepNulls = false } = {},
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let sent: unknown;
  try {
    sent = text.trim() === "" ? {} : JSON.parse(text, keepNulls ? undefined : dropNull);
  } catch {
    throw invalid("the body is not JSON");
  }
  return check(schema, sent);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(result.error.issues.flatMap(describe).join("; "));
}

function dropNull(this: unknown, _key: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}

/** Words of zod without the values: an answer must not echo a secret. */
function describe(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `unknown field "${[...path, key].join(".")}"`);
  if (issue.code === "invalid_union") {
    const nested = issue.errors.find((errors) => errors.some(({ path }) => path.length > 0)) ?? issue.errors[0] ?? [];
    return nested.flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const words = issue.message.replace(/^Invalid (input|option|string|key in record): ?/, "");
  return [`${path.join(".") || "body"}: ${words}`];
}
