/** Looks for values of secrets in a text: as they are, and in the forms that programs print them in. */

/** A value to look for, and what it is called. */
export interface Wanted {
  readonly name: string;
  readonly value: string;
}

/** A line on which a value, or a form of one, stands. */
export interface Leak {
  /** Of the secret. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/** Shorter values are found everywhere by chance. */
const shortest = 6;
/** A line of a value of several lines, such as a key: shorter ones are no one's secret. */
const shortestLine = 16;

/** Whether a value is long enough to be looked for. */
export const isSearchable = ({ value }: Wanted): boolean => value.length >= shortest;

/** Every line with a value on it, each secret once a line, in the order of the lines. */
export function leaksIn(text: string, wanted: readonly Wanted[]): readonly Leak[] {
  const starts = lineStarts(text);
  const found = new Map<string, Leak>();
  for (const one of wanted.filter(isSearchable)) {
    for (const form of formsOf(one.value)) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
        const line = lineAt(starts, at);
        found.set(`${line} ${one.name}`, { name: one.name, line });
      }
    }
  }
  return [...found.values()].sort((one, other) => one.line - other.line || (one.name < other.name ? -1 : 1));
}

/** The value itself, its lines, escaped for JSON, percent-encoded, in hexadecimal digits, and in base64 wherever it begins in what is encoded. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) => middleOfBase64(bytes, offset));
  const hex = bytes.toString("hex");
  const forms = [
    value,
    ...value.split(/\r?\n/).filter((line) => line !== value && line.length >= shortestLine),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return [...new Set(forms)].filter((form) => form.length >= shortest);
}

/** What base64 of a text has wherever these bytes stand in it `offset` bytes after a border of three: characters that share no bit with others. */
function middleOfBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replaceAll("=", "");
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, end);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 1, in which a character stands. */
function lineAt(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}
