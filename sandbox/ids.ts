import { createHash } from "node:crypto";

/** Makes every id of the sandbox from a seed and a counter: the same calls give the same ids. */
export interface Ids {
  /** Lower-case hexadecimal digits. */
  hex(length: number): string;
  /** ULID: 26 characters that sort by time, later ones always greater. */
  ulid(): string;
  /** A number from 1 up, never given twice. */
  number(): number;
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @param sequence holder of the counter; it is part of the saved state, so that no id comes twice */
export function createIds(seed: string, now: () => number, sequence: { sequence: number }): Ids {
  const next = () => ++sequence.sequence;
  const digest = (n: number) => createHash("sha256").update(`${seed}:${n}`).digest("hex");
  return {
    hex: (length) => digest(next()).slice(0, length),
    number: next,
    ulid() {
      const n = next();
      return base32(now(), 10) + base32(n, 8) + base32(Number.parseInt(digest(n).slice(0, 10), 16), 8);
    },
  };
}

function base32(value: number, length: number): string {
  let text = "";
  let rest = Math.floor(value);
  for (let i = 0; i < length; i++) {
    text = crockford[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
