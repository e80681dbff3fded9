/** What was written from this checkout, so that the same value is not written twice: marks and 20 bits of a salted scrypt, never a value. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type Fingerprint, fingerprint, matches } from "../../provider/resources/secrets/fingerprint";

/** How a value stands to what was written last: the same, another, or nobody can say. */
export type Comparison = "same" | "other" | "changed elsewhere" | "unknown";

export interface SecretMemory {
  /** @param mark what the place shows of the secret now */
  compare(place: string, name: string, value: string, mark: string): Promise<Comparison>;
  /** @param mark what the place shows right after the write */
  keep(place: string, name: string, value: string, mark: string): Promise<void>;
}

interface Kept {
  readonly mark: string;
  readonly value: Fingerprint;
}

const file = z.record(
  z.string(),
  z.object({ mark: z.string(), value: z.object({ salt: z.string(), bits: z.number() }) }),
);

/** The memory in `.infra/` of a project. One that cannot be read is begun anew: then values are written once more than needed. */
export function openMemory(directory: string): SecretMemory {
  const path = join(directory, ".infra", "secrets.json");
  const all: Record<string, Kept> = existsSync(path) ? read(readFileSync(path, "utf8")) : {};
  return {
    async compare(place, name, value, mark) {
      const kept = all[`${place} ${name}`];
      if (!kept) return "unknown";
      if (kept.mark !== mark) return "changed elsewhere";
      return (await matches(value, kept.value)) ? "same" : "other";
    },
    async keep(place, name, value, mark) {
      all[`${place} ${name}`] = { mark, value: await fingerprint(value) };
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}

function read(text: string): Record<string, Kept> {
  try {
    return file.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
