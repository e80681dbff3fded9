/** Reads what the synth of a pull request left behind. It was made by code that nobody has judged yet: it is data, and nothing of it is run. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { governanceShape } from "../../config/governance-shape";
import { isObject } from "../../report/difference";
import { Failure } from "../failure";
import type { StackJson } from "./allowed";
import type { Refusal } from "./refusal";

export interface Proposal {
  /** By name, in the order of the names. */
  readonly stacks: ReadonlyMap<string, StackJson>;
  /** `infra.json`, by stack: what the stacks say to the commands. */
  readonly declarations: Readonly<Record<string, unknown>>;
}

const LARGEST_BYTES = 8 * 1024 * 1024;
/** CDKTF nests a dozen deep. */
const DEEPEST = 60;
const MOST_FILES = 200;

/**
 * The proposal in a folder, and what of it is refused because it is no such file. A file that no stack has is refused by its name, not passed
 * over: Terraform would read `*.tf`, `*.tfvars`, overrides and `.terraform` of a folder.
 *
 * @param directory holds `stacks/<name>/cdk.tf.json` and `files/infra.json`
 * @throws Failure when it holds no stack at all
 */
export function readProposal(directory: string): {
  readonly proposal: Proposal;
  readonly refusals: readonly Refusal[];
} {
  const refusals: Refusal[] = [];
  const stacks = new Map<string, StackJson>();
  let declarations: Proposal["declarations"] = {};
  const paths = filesIn(directory, refusals);
  for (const path of paths) {
    const name = /^stacks\/([a-z0-9][a-z0-9-]{0,62})\/cdk\.tf\.json$/.exec(path)?.[1];
    if (name === undefined && path !== "files/infra.json") {
      refusals.push({ where: path, text: `is no file that a stack needs; allowed: ${ALLOWED_FILES}` });
      continue;
    }
    const read = readJson(join(directory, path));
    if (typeof read === "string") refusals.push({ where: path, text: read });
    else if (name !== undefined) stacks.set(name, read);
    else declarations = declarationsIn(read, refusals);
  }
  if (paths.length === 0) {
    throw new Failure(
      `There is nothing in ${directory}. Name the folder that holds ${ALLOWED_FILES}, as the synth of the pull request left them: --declared <folder> [infra/review-declared]`,
    );
  }
  return { proposal: { stacks, declarations }, refusals };
}

const ALLOWED_FILES = "stacks/<name>/cdk.tf.json and files/infra.json";

/** Paths of the plain files, sorted. Links and whatever else is no plain file are refused. */
function filesIn(root: string, refusals: Refusal[]): readonly string[] {
  const files: string[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (files.length + refusals.length >= MOST_FILES) continue;
      if (entry.isDirectory() && path.split("/").length < 4) visit(path);
      else if (entry.isFile()) files.push(path);
      else refusals.push({ where: path, text: "is no plain file: a link, or a folder where none belongs" });
    }
  };
  if (lstatSync(root, { throwIfNoEntry: false })?.isDirectory()) visit("");
  if (files.length + refusals.length >= MOST_FILES)
    refusals.push({ where: "the proposal", text: `has more files than any; allowed: ${MOST_FILES}` });
  return files.sort();
}

/** A JSON object, or why there is none. */
function readJson(path: string): StackJson | string {
  const { size } = lstatSync(path);
  if (size > LARGEST_BYTES) return `has ${size} bytes; allowed: ${LARGEST_BYTES}`;
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isTooDeep(value)) return `is nested deeper than anything that CDKTF writes; allowed: ${DEEPEST}`;
    return isObject(value) ? value : "is no JSON object";
  } catch {
    return "is no JSON";
  }
}

/** Level by level: a recursion would end where the stack does. */
function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}

const text = z.string().max(10_000);
const declaration = z.looseObject({
  notes: z.array(text).max(200).optional(),
  undecided: z.array(z.object({ path: text, text, id: text })).optional(),
  github: governanceShape.optional(),
  repository: z.looseObject({ files: z.array(z.looseObject({ path: text })).default([]) }).optional(),
});

function declarationsIn(read: StackJson, refusals: Refusal[]): Proposal["declarations"] {
  const parsed = z.object({ stacks: z.record(text, declaration) }).safeParse(read);
  if (parsed.success && isObject(read.stacks)) return read.stacks;
  const why = parsed.success ? "" : z.prettifyError(parsed.error).slice(0, 500);
  refusals.push({ where: "files/infra.json", text: `is not what synth writes: ${why}` });
  return {};
}
