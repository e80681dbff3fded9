/** What a run leaves behind: every file, packed ones unpacked, and every argument list, to be searched for values. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inflateRawSync } from "node:zlib";

/** Texts by where they were found. */
export type Residue = ReadonlyMap<string, string>;

/**
 * The value as it stands, as JSON (Terraform's too) and as a URL spell it, and its three alignments in both alphabets of base64.
 */
export function spellings(value: string): readonly string[] {
  const packed = alignments(value);
  const webSafe = packed.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const json = JSON.stringify(value).slice(1, -1);
  const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  const jsonOfGo = json.replace(/[<>&]/g, (character) => escapes[character] ?? character);
  return [value, json, jsonOfGo, encodeURIComponent(value), ...packed, ...webSafe];
}

/** What of a value is always the same in base64, by the number of bytes before it. */
export function alignments(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** Where any of these texts is found. */
export function placesOf(texts: readonly string[], residue: Residue): readonly string[] {
  return [...residue].filter(([, content]) => texts.some((text) => content.includes(text))).map(([place]) => place);
}

/** The files below a folder by their path in it; links are not followed. Those of an archive as `plan/tfstate`. */
export function filesIn(folder: string): Residue {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const bytes = readFileSync(path);
    found.set(name, bytes.toString("latin1"));
    for (const [inner, text] of unpacked(bytes)) found.set(`${name}/${inner}`, text);
  }
  return found;
}

/** Whether {@link watchArguments} can see anything here. */
export const canWatch = existsSync("/proc/self/cmdline");

/** Looks at the arguments of every process again and again until it is stopped, and then returns them, one process a line. */
export function watchArguments(): { stop(): string } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended in between.
      }
    }
  };
  const timer = setInterval(look, 10);
  return {
    stop() {
      clearInterval(timer);
      return [...seen].join("\n");
    },
  };
}

/** The entries of a zip archive by their central directory; empty for what is none. */
function unpacked(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (bytes.toString("latin1", 0, 4) !== "PK\x03\x04") return found;
  for (let at = bytes.indexOf("PK\x01\x02"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 4)) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const name = bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const head = bytes.readUInt32LE(at + 42);
    const start = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const content = bytes.subarray(start, start + size);
    found.set(name, (method === 0 ? content : inflateRawSync(content)).toString("latin1"));
  }
  return found;
}
