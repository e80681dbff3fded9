import type * as z from "zod";
import { didYouMean, type Problem, renderPath } from "./problem";
import { isSecretName } from "./secret-name";

type Issue = z.core.$ZodIssue;

/** Keys under which a value may be a secret that went astray: it is never shown. */
const confidential = new Set(["secrets", "env", "headers"]);

/**
 * What zod found, as problems for the user.
 *
 * @param input what was parsed, to show what was got
 * @param placed turns zod's path into the heading and the path below it
 */
export function shapeProblems(
  issues: readonly Issue[],
  input: unknown,
  placed: (path: readonly PropertyKey[]) => { where: string; path: readonly PropertyKey[] },
): Problem[] {
  return issues.flatMap((issue) => {
    const [inner] = issue.code === "invalid_union" ? nearest(issue) : [];
    if (inner) {
      const whole = { ...inner, path: [...issue.path, ...inner.path] } as Issue;
      return shapeProblems([whole], input, placed);
    }
    const { where, path } = placed(issue.path);
    const id = issue.code === "unrecognized_keys" ? "config/unknown-key" : "config/value";
    return [{ where, path: renderPath(presentable(path)), text: describe(issue, valueAt(input, issue.path)), id }];
  });
}

/** Of the alternatives of a union, the one that the user most likely meant: whose problems lie deepest. */
function nearest(issue: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] {
  const deep = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  return [...issue.errors].sort((a, b) => deep(b) - deep(a)).find((one) => deep(one) > 0) ?? [];
}

function describe(issue: Issue, value: unknown): string {
  const got = show(value, issue.path);
  if (issue.code === "unrecognized_keys") return issue.message;
  if (value === undefined) return `is missing; ${allowed(issue)}`;
  if (issue.code === "invalid_value" && typeof value === "string" && !isConfidential(issue.path)) {
    return `${got} is not taken; ${allowed(issue)}${didYouMean(value, issue.values.map(String)).replace(/^ /, "; ")}`;
  }
  return `${got} is not taken; ${allowed(issue)}`;
}

function allowed(issue: Issue): string {
  if (issue.code === "invalid_type") return `use ${article[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return `use ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}`;
  if (issue.code === "too_small") return `use ${String(issue.minimum)} or more${unit(issue.origin)}`;
  if (issue.code === "too_big") return `use ${String(issue.maximum)} or less${unit(issue.origin)}`;
  if (issue.code === "invalid_format" && issue.format === "starts_with") return `it starts with "/"`;
  if (issue.code === "invalid_format" && issue.pattern) return `it matches ${issue.pattern}`;
  return issue.message;
}

const article: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object of names and values",
};

const unit = (origin: string) => (origin === "string" ? " characters" : origin === "array" ? " entries" : "");

function show(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return "nothing";
  if (isConfidential(path)) return `a ${Array.isArray(value) ? "list" : typeof value} (not shown)`;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(value);
}

const isConfidential = (path: readonly PropertyKey[]) => path.some((step) => confidential.has(String(step)));

/** A key under `secrets` that is no name may be a value in the wrong place. */
function presentable(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const start = path.findIndex((step) => confidential.has(String(step)));
  return path.map((step, index) =>
    start === -1 || index !== start + 1 || isSecretName(String(step)) ? step : "(not shown)",
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    input,
  );
}
