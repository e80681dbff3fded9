/** One request as the sandbox saw it; no secret value is ever in it. */
export interface JournalEntry {
  /** RFC 3339. */
  readonly at: string;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly status: number;
  readonly token_kind: string;
  readonly request_id: string;
  readonly body?: unknown;
}

/** The latest requests, oldest first. */
export interface Journal {
  add(entry: JournalEntry): void;
  list(): readonly JournalEntry[];
  clear(): void;
}

const mostEntries = 20_000;

/** A journal that forgets the oldest of more than 20,000 entries. */
export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > mostEntries * 1.1) entries = entries.slice(-mostEntries);
    },
    list: () => entries,
    clear: () => {
      entries = [];
    },
  };
}

const secretKeys =
  /^(value|raw_value|private_key|fullchain|token|tokenheader|header|stdin|plaintext|password|nonce|secret|encrypted_value)$/i;
/** Maps whose keys are names and whose values are nobody's business. */
const secretMaps = /^(values|env|secrets)$/i;
const shown = "[redacted]";

/**
 * A request body without the values that may be secret; undefined when there is none.
 *
 * @param onlyNames no value at all is kept
 */
export function redactBody(text: string, { onlyNames = false } = {}): unknown {
  if (text.trim() === "") return undefined;
  try {
    return redact(JSON.parse(text), onlyNames);
  } catch {
    return "[not JSON]";
  }
}

function redact(value: unknown, hide = false): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, hide));
  if (typeof value !== "object" || value === null) return hide && value !== null ? shown : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (secretKeys.test(key)) return [key, inner === null ? null : shown];
      return [key, redact(inner, hide || secretMaps.test(key))];
    }),
  );
}
