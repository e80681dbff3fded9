/**
 * The record of what was reviewed: a file that `infra review` and `infra plan` write with `--out`, and that `infra apply --reviewed` holds
 * the plan of its own against. It is only ever compared: nothing of it is run, and no sensitive value is in it.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { canonical } from "../../report/provider-schema";
import { Failure } from "../failure";
import { type PlannedStack, type Running, terraformFor } from "../plan";
import { configurationOf, sha256 } from "./configuration";
import { normalChanges } from "./normal";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(100_000);

const change = z.strictObject({
  actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])),
  before: z.json(),
  after: z.json(),
  replace: z.array(text).optional(),
  importing: text.optional(),
  moved: text.optional(),
});

const reviewedStack = z.strictObject({
  /** SHA-256 of each part of what is declared; see `configurationOf`. */
  configuration: z.record(text, digest),
  /** Version of the state that the plan began from; null: there was none. */
  state: z.strictObject({ lineage: text, serial: z.int().nonnegative() }).nullable(),
  /** What would be done, by address. */
  changes: z.record(text, change),
  /** What would be done that Terraform does not know of, in words. */
  besides: z.array(text),
  /** SHA-256 of all that: what a comment can show of it. */
  digest,
});

const reviewed = z.strictObject({
  version: z.literal(1),
  /** Commit that was synthesized; null: nobody said. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
  stacks: z.record(text, reviewedStack),
});

/** What of one stack was reviewed. */
export type ReviewedStack = z.infer<typeof reviewedStack>;
/** What was reviewed, by stack. A stack that is not in it was not reviewed. */
export type Reviewed = z.infer<typeof reviewed>;

/**
 * What these plans would do. Stacks that could not be planned are left out: nobody can agree to what nobody has seen.
 *
 * @param commit that the stacks were synthesized from; undefined: not known
 */
export async function reviewedOf(
  plans: readonly PlannedStack[],
  running: Running,
  { commit }: { readonly commit?: string } = {},
): Promise<Reviewed> {
  const stacks = await Promise.all(
    plans
      .filter(({ report, planned }) => report.outcome !== "error" && planned?.plan)
      .map(async (one) => [one.stack.name, await reviewedStackOf(one, running)] as const),
  );
  return { version: 1, commit: commit ?? null, stacks: Object.fromEntries(stacks) };
}

async function reviewedStackOf({ stack, report, planned }: PlannedStack, running: Running): Promise<ReviewedStack> {
  const terraform = terraformFor(stack, running);
  const [state, schemas] = await Promise.all([terraform.stateVersion(), terraform.schemas()]);
  const changes = planned?.plan ? normalChanges(planned.plan, schemas) : {};
  const besides = report.findings.filter(({ address }) => !(address in changes));
  return sealed({
    configuration: configurationOf(stack, schemas),
    state: state ?? null,
    changes: z.record(text, change).parse(changes),
    besides: besides.map(({ address, path, text: words }) => `${address} ${path}: ${words}`).sort(),
  });
}

/** With the digest of everything else. */
export const sealed = (stack: Omit<ReviewedStack, "digest">): ReviewedStack => ({
  ...stack,
  digest: sha256(canonical(stack)),
});

/** Writes the record; only this user can read it, for it shows what a plan shows. */
export function writeReviewed(path: string, record: Reviewed): void {
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Reads a record that came from elsewhere.
 *
 * @throws Failure when it is too large, no record, or was changed after it was made
 */
export function readReviewed(path: string): Reviewed {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw refused(path, "does not exist");
  if (size > MAX_BYTES) throw refused(path, `has ${size} bytes, and a record has at most ${MAX_BYTES}`);
  const read = json.pipe(reviewed).safeParse(readFileSync(path, "utf8"));
  if (!read.success) throw refused(path, `is no record of a review: ${z.prettifyError(read.error).slice(0, 1000)}`);
  for (const [name, { digest: told, ...stack }] of Object.entries(read.data.stacks)) {
    if (sealed(stack).digest !== told) throw refused(path, `was changed after it was made: stack ${name}`);
  }
  return read.data;
}

const MAX_BYTES = 32 * 1024 * 1024;

const json = z.string().transform((content, context): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    context.addIssue({ code: "custom", message: "it is no JSON" });
    return z.NEVER;
  }
});

const refused = (path: string, why: string): Failure =>
  new Failure(
    `${path} ${why}. Nothing was changed. Write a new one: npx infra plan --out ${path} [infra/reviewed-file]`,
  );
