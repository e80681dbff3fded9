/** The note in `.infra/` that says where a sandbox runs. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../failure";
import { loopbackOnly } from "./loopback";

const instance = z.object({ url: z.url(), pid: z.number().int().positive() });

/** A sandbox that runs, or did when the note was written. */
export interface Instance {
  /** Base address of everything it serves, without a slash at the end. Always on this machine. */
  readonly url: string;
  readonly pid: number;
}

/** Where sandboxes leave their files: one set per name. */
export interface Place {
  /** The project. */
  readonly directory: string;
  /** undefined: the one without a name. */
  readonly name: string | undefined;
}

export interface Files {
  readonly folder: string;
  readonly record: string;
  readonly seed: string;
  readonly log: string;
}

/** @throws Failure when the name could not be part of a file's name, or of a command to type */
export function filesOf({ directory, name }: Place): Files {
  if (name !== undefined && !/^[a-z0-9][a-z0-9-]{0,39}$/i.test(name)) {
    throw new Failure(
      `${JSON.stringify(name)} is no name for a sandbox: take up to 40 letters, digits and dashes, such as --name second [sandbox/name]`,
    );
  }
  const folder = join(directory, ".infra");
  const stem = name === undefined ? "sandbox" : `sandbox-${name}`;
  const path = (end: string) => join(folder, `${stem}${end}`);
  return { folder, record: path(".json"), seed: path("-seed.json"), log: path(".log") };
}

/**
 * The note, whether or not the sandbox still runs; undefined: there is none, or it is not readable as one.
 *
 * @throws Failure when it names an address that is not on this machine
 */
export function readRecord(place: Place): Instance | undefined {
  const { record } = filesOf(place);
  if (!existsSync(record)) return undefined;
  const read = instance.safeParse(parse(readFileSync(record, "utf8")));
  if (!read.success) return undefined;
  return { pid: read.data.pid, url: loopbackOnly(read.data.url, record).replace(/\/$/, "") };
}

export const forget = (place: Place): void => rmSync(filesOf(place).record, { force: true });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
