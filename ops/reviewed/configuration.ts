/** What a stack declares, as one digest per part: the same intent has the same digests, in whatever order its program wrote it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isObject } from "../../report/difference";
import { canonical, inOrder, type Schemas } from "../../report/provider-schema";
import type { Stack } from "../project";
import { stackFacts } from "../stack-facts";

/**
 * SHA-256 by part: "resource.fly_app.web", "provider.fly", "file README.md". What CDKTF notes for itself and where this checkout keeps a
 * local state are no part of it.
 */
export function configurationOf(stack: Stack, schemas: Schemas): Readonly<Record<string, string>> {
  const parts = [...terraformParts(stack, schemas), ...declaredParts(stack)];
  return Object.fromEntries(parts.map(([name, value]) => [name, sha256(canonical(value))]));
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

type Part = readonly [name: string, value: unknown];

function terraformParts({ directory }: Stack, schemas: Schemas): readonly Part[] {
  const sections = z
    .record(z.string(), z.unknown())
    .parse(withoutNotes(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"))));
  return Object.entries(sections).flatMap(([section, content]): readonly Part[] => {
    if (Array.isArray(content)) return [[section, content.map(canonical).sort()]];
    if (!isObject(content)) return [[section, content]];
    const blocks = { resource: schemas.managed, data: schemas.data }[section];
    if (!blocks) return Object.entries(content).map(([name, one]) => [`${section}.${name}`, withoutPath(name, one)]);
    return Object.entries(content).flatMap(([type, named]) =>
      Object.entries(isObject(named) ? named : {}).map(
        ([name, body]): Part => [`${section}.${type}.${name}`, inOrder(body, blocks[type])],
      ),
    );
  });
}

/** Without the comments of JSON, which CDKTF fills. */
function withoutNotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNotes);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutNotes(one)]));
}

function withoutPath(name: string, value: unknown): unknown {
  if (name !== "backend" || !isObject(value) || !isObject(value.local)) return value;
  const { path: _ofCheckout, ...local } = value.local;
  return { ...value, local };
}

const declared = z.looseObject({
  notes: z.unknown().optional(),
  undecided: z.unknown().optional(),
  repository: z.looseObject({ files: z.array(z.looseObject({ path: z.string() })).default([]) }).optional(),
});

/** What synth left in `files/infra.json` for the commands; each file of a repository is a part, by its content's hash. */
function declaredParts(stack: Stack): readonly Part[] {
  const own = stackFacts(stack, declared);
  if (!own) return [];
  const { notes: _said, undecided: _open, repository, ...rest } = own;
  const facts: readonly Part[] = Object.entries(rest).map(([key, value]) => [`declared ${key}`, value]);
  if (!repository) return facts;
  const { files, ...where } = repository;
  return [...facts, ["declared repository", where], ...files.map((file): Part => [`file ${file.path}`, file])];
}
