import { z } from "zod";
import type { Caller } from "./caller";
import { GithubError, type GithubErrorKind } from "./error";

const answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});

const KINDS: Readonly<Record<string, GithubErrorKind>> = {
  NOT_FOUND: "not-found",
  FORBIDDEN: "forbidden",
  INSUFFICIENT_SCOPES: "forbidden",
  RATE_LIMITED: "rate-limited",
};

/**
 * The data of a query. Data that comes beside errors is not used: what is missing in it would look like something that is not there.
 *
 * @throws GithubError
 */
export async function query<Schema extends z.ZodType>(
  caller: Caller,
  text: string,
  variables: Readonly<Record<string, unknown>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const call = { method: "POST", path: "/graphql", body: { query: text, variables }, answer, asks: true } as const;
  const { value, header } = await caller.send(call);
  const where = { method: call.method, path: call.path, status: 200, requestId: header("x-github-request-id") };
  const [first] = value.errors ?? [];
  if (first) {
    const hasData = hasValue(value.data);
    throw new GithubError({
      ...where,
      kind: hasData ? "partial" : (KINDS[first.type ?? ""] ?? "refused"),
      githubMessage: (value.errors ?? []).map(({ message }) => message).join("; "),
    });
  }
  const data = schema.safeParse(value.data);
  if (data.success) return data.data;
  const path = data.error.issues[0]?.path.join(".") ?? "data";
  throw new GithubError({ ...where, kind: "malformed", githubMessage: `${path} is not what this query gives` });
}

/** Whether anything of what was asked for came. */
const hasValue = (data: unknown): boolean =>
  typeof data === "object" && data !== null && Object.values(data).some((value) => value !== null);
