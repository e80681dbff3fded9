/** Finds out what a proposal changes, and writes that anew into a folder where Terraform finds nothing else. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { isObject } from "../../report/difference";
import { canonical } from "../../report/provider-schema";
import { providerBundle } from "../../synth/provider-bundle";
import { completeStackDirectory } from "../../synth/stack-directory";
import type { Stack } from "../project";
import { objectIn, type StackJson } from "./allowed";
import type { Proposal } from "./proposal";
import type { Refusal } from "./refusal";

/** The stacks of the base branch, as its own program synthesized them just now. */
export interface Base {
  readonly stacks: readonly Stack[];
  readonly json: ReadonlyMap<string, StackJson>;
  readonly declarations: Readonly<Record<string, unknown>>;
}

const stackJson = z.record(z.string(), z.unknown());

/** Reads what synth left. */
export function readBase(stacks: readonly Stack[]): Base {
  const read = (path: string): StackJson =>
    existsSync(path) ? stackJson.parse(JSON.parse(readFileSync(path, "utf8"))) : {};
  const [first] = stacks;
  return {
    stacks,
    json: new Map(stacks.map(({ name, directory }) => [name, read(join(directory, "cdk.tf.json"))])),
    declarations: first ? objectIn(read(join(outputOf(first), "files", "infra.json")), "stacks") : {},
  };
}

/** Names of the stacks that a proposal declares otherwise, leaves as they are, and declares no more. */
export interface Change {
  readonly touched: readonly string[];
  readonly untouched: readonly string[];
  readonly dropped: readonly string[];
}

/** Compares what is declared, without what CDKTF and synth note for people. */
export function changeOf(base: Base, { stacks, declarations }: Proposal): Change {
  const names = [...stacks.keys()];
  const isTouched = (name: string) =>
    canonical([withoutNotes(base.json.get(name)), withoutWords(base.declarations[name])]) !==
    canonical([withoutNotes(stacks.get(name)), withoutWords(declarations[name])]);
  return {
    touched: names.filter(isTouched),
    untouched: names.filter((name) => !isTouched(name)),
    dropped: [...base.json.keys()].filter((name) => !stacks.has(name)),
  };
}

/** A declaration may name no other repository than the base's: what the plan asks of GitHub follows from it. */
export function placeRefusals(base: Base, { declarations }: Proposal): readonly Refusal[] {
  const placeOf = (of: unknown, key: string) => {
    const { owner, name } = objectIn(of, key);
    return canonical([owner, name]);
  };
  const known = (key: string) => Object.values(base.declarations).map((one) => placeOf(one, key));
  return Object.entries(declarations).flatMap(([name, one]) =>
    ["github", "repository"].flatMap((key): readonly Refusal[] =>
      isObject(one) && Object.hasOwn(one, key) && !known(key).includes(placeOf(one, key))
        ? [{ where: `files/infra.json ${name}.${key}`, text: "names a repository that the base branch does not" }]
        : [],
    ),
  );
}

export interface Staged {
  readonly stacks: readonly Stack[];
  remove(): void;
}

/**
 * Writes the named stacks into a folder of their own beside the base's, as deep as that, so that a state in a file is found. The packages in it are
 * the base's. Git does not see the folder.
 */
export function stage(base: Base, proposal: Proposal, names: readonly string[], env: NodeJS.ProcessEnv): Staged {
  const [first] = base.stacks;
  const output = first ? outputOf(first) : join(process.cwd(), "cdktf.out");
  const root = mkdtempSync(join(dirname(output), `${basename(output)}.review-`));
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
  };
  writeFileSync(join(root, ".gitignore"), "*\n");
  write("files/infra.json", { stacks: proposal.declarations });
  const stacks = names.map((name): Stack => {
    const directory = join(root, "stacks", name);
    write(`stacks/${name}/cdk.tf.json`, proposal.stacks.get(name));
    const own = base.stacks.find((one) => one.name === name);
    const lock = own && join(own.directory, ".terraform.lock.hcl");
    if (lock && existsSync(lock)) copyFileSync(lock, join(directory, ".terraform.lock.hcl"));
    completeStackDirectory(directory, { bundle: providerBundle(), mirror: env.TF_PROVIDER_MIRROR || undefined });
    return { name, directory, dependencies: own?.dependencies ?? [] };
  });
  return { stacks, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** `cdktf.out`, from one of its stacks. */
const outputOf = ({ directory }: Stack): string => dirname(dirname(directory));

function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === "//" ? [] : [[key, withoutNotes(inner)]])),
  );
}

function withoutWords(declaration: unknown): unknown {
  if (!isObject(declaration)) return null;
  const { notes: _said, undecided: _open, ...rest } = declaration;
  return rest;
}
