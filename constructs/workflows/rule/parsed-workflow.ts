import { type Document, isNode, parseDocument } from "yaml";
import * as z from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullable().transform(String);
const scalars = z.record(z.string(), scalar).default({});
const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const step = z.looseObject({
  name: z.string().default(""),
  if: scalar.optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  with: scalars,
  env: scalars,
  "continue-on-error": scalar.optional(),
});

const container = z.looseObject({ image: z.string() });
const job = z.looseObject({
  name: z.string().optional(),
  needs: list.default([]),
  if: scalar.optional(),
  permissions: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  environment: z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]).optional(),
  "runs-on": z.unknown().optional(),
  "timeout-minutes": z.unknown().optional(),
  "continue-on-error": scalar.optional(),
  container: z.union([z.string().transform((image) => ({ image })), container]).optional(),
  services: z.record(z.string(), container).default({}),
  strategy: z.looseObject({ matrix: z.unknown().optional() }).default({}),
  uses: z.string().optional(),
  with: scalars,
  secrets: z.union([z.string(), z.record(z.string(), z.string())]).default({}),
  steps: z.array(step).default([]),
});

const filter = z.looseObject({ branches: list.optional(), tags: list.optional(), paths: list.optional() }).nullable();
const triggers = z.preprocess(
  eventsByName,
  z.looseObject({
    push: filter.optional(),
    pull_request: filter.optional(),
    schedule: z.array(z.looseObject({ cron: z.string() })).optional(),
    workflow_dispatch: z
      .looseObject({ inputs: z.record(z.string(), z.looseObject({ type: z.string().optional() })).default({}) })
      .nullable()
      .optional(),
  }),
);

/** `on: push` and `on: [push]` in the form that has a key for each event. */
function eventsByName(on: unknown): unknown {
  if (typeof on !== "string" && !Array.isArray(on)) return on;
  return Object.fromEntries([on].flat().map((event) => [event, null]));
}

const head = z.object({
  name: z.string(),
  on: triggers,
  permissions: z.unknown().optional(),
  concurrency: z
    .looseObject({ group: z.string(), "cancel-in-progress": scalar.optional() })
    .or(z.string().transform((group) => ({ group, "cancel-in-progress": undefined })))
    .optional(),
  defaults: z.looseObject({ run: z.looseObject({ shell: z.string().optional() }).default({}) }).default({ run: {} }),
});
const workflow = head.extend({ jobs: z.record(z.string(), job) });

/** Keys and indexes from the root of a file. */
export type Path = readonly (string | number)[];

/** A step as it stands in a file. */
export type ParsedStep = z.infer<typeof step>;
/** A job with its id. */
export type ParsedJob = z.infer<typeof job> & { readonly id: string };

/** A workflow file as it reads, whoever wrote it. */
export interface ParsedWorkflow extends z.infer<typeof head> {
  /** Name of the file. */
  readonly file: string;
  readonly text: string;
  readonly jobs: readonly ParsedJob[];
  /** Comment behind a value, trimmed. */
  comment(path: Path): string;
  /** Every text in the file with its path, keys left out. */
  readonly texts: readonly { readonly path: Path; readonly text: string }[];
}

/** Reads a file; what keeps it from being a workflow comes back as sentences instead. */
export function parseWorkflow(file: string, text: string): ParsedWorkflow | readonly { path: Path; text: string }[] {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return document.errors.map(({ message }) => ({ path: [], text: message }));
  const parsed = workflow.safeParse(document.toJS());
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ path: path.map(key), text: message }));
  }
  return {
    ...parsed.data,
    file,
    text,
    jobs: Object.entries(parsed.data.jobs).map(([id, one]) => ({ ...one, id })),
    comment: (path) => commentAt(document, path),
    texts: [...textsOf(document.toJS(), [])],
  };
}

const key = (one: PropertyKey): string | number => (typeof one === "symbol" ? String(one) : one);

function commentAt(document: Document, path: Path): string {
  const node = document.getIn(path, true);
  return isNode(node) ? (node.comment ?? "").trim() : "";
}

function* textsOf(value: unknown, path: Path): Iterable<{ path: Path; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      yield* textsOf(one, [...path, Array.isArray(value) ? Number(name) : name]);
    }
  }
}
