/** `drift-ignore.yaml`, at the top of a project: what is let be, until when, why, and who answers for it. Changes of it are reviewed like code. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { z } from "zod";
import { renderPath } from "../../config/problem";
import { strict } from "../../config/strict";
import type { Ignore } from "../../report/model";
import { Failure } from "../failure";

/** Name of the file, in the project's folder. */
const ignoreFile = "drift-ignore.yaml";

/** Most days that an entry holds from today on. */
const longestDays = 90;

const text = z.string().trim().min(1, { error: "must not be empty" });
const shape = strict({
  kind: z.enum(["ignore", "known"], { error: 'is "ignore" (wanted as it is) or "known" (to be repaired by then)' }),
  stack: text,
  address: text,
  path: z.string({ error: 'is missing; "" means the resource as a whole' }),
  reason: text,
  owner: text,
  until: z.iso.date({ error: "is a day, written 2026-12-31" }),
});

/**
 * The entries of the project; none without the file. Those whose day is over are among them.
 *
 * @param now Unix ms
 * @throws Failure with every problem of the file at once
 */
export function readIgnores(directory: string, now: number): readonly Ignore[] {
  const path = join(directory, ignoreFile);
  if (!existsSync(path)) return [];
  const document = parseDocument(readFileSync(path, "utf8"));
  if (document.errors.length > 0) throw refusal(document.errors.map(({ message }) => message.split("\n")[0] ?? ""));
  return checked(document.toJS() ?? [], now);
}

/**
 * Adds entries at the end of the file, which begins with what it is for. What is there already is not touched.
 *
 * @throws Failure when an entry is not as the file wants it; nothing is written then
 */
export function addIgnores(directory: string, added: readonly Ignore[], now: number): readonly Ignore[] {
  const all = checked([...readIgnores(directory, now), ...added], now);
  const path = join(directory, ignoreFile);
  const before = existsSync(path) ? readFileSync(path, "utf8") : HEAD;
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(path, (existsSync(path) ? "" : HEAD) + gap + added.map(entryText).join(""));
  return all;
}

/** One entry as it stands in the file. */
const entryText = (one: Ignore): string => stringify([one], { lineWidth: 0 });

/** The day this many days from now, UTC: "2026-12-31". */
export const dayIn = (days: number, now: number): string => new Date(now + days * dayMs).toISOString().slice(0, 10);

/** Whether the last day of an entry is over. */
export const isOver = ({ until }: Ignore, now: number): boolean => now >= Date.parse(until) + dayMs;

const HEAD = `# What infra drift lets be. kind: ignore (wanted as it is) or known (to be repaired by then). path: as the report has it, * for any
# characters. until: the last day, at most ${longestDays} days ahead; the day after it is reported again.
`;

const dayMs = 86_400_000;

function checked(value: unknown, now: number): readonly Ignore[] {
  const parsed = z.array(shape, { error: "is a list of entries" }).safeParse(value);
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.map(({ path, message }) => [renderPath(path), message].filter(Boolean).join(": ")),
    );
  }
  const latest = dayIn(longestDays, now);
  const keyOf = ({ stack, address, path }: Ignore) => JSON.stringify([stack, address, path]);
  const problems = parsed.data.flatMap((one, index) => [
    ...(one.until > latest
      ? [`[${index}].until: ${one.until} is more than ${longestDays} days ahead; the latest is ${latest}`]
      : []),
    ...(/^\**$/.test(one.path) && one.path !== ""
      ? [`[${index}].path: "${one.path}" covers everything; name what is meant`]
      : []),
    ...(parsed.data.findIndex((other) => keyOf(other) === keyOf(one)) < index
      ? [`[${index}]: is for the same finding as an entry above; keep one of them`]
      : []),
  ]);
  if (problems.length > 0) throw refusal(problems);
  return parsed.data;
}

const refusal = (problems: readonly string[]): Failure =>
  new Failure(
    `${ignoreFile} has ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}:\n${problems.map((one) => `  ${one}`).join("\n")}\nNothing was changed. Correct it; an entry has kind, stack, address, path, reason, owner and until. [config/drift-ignore]`,
  );
