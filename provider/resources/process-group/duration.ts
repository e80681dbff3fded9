const unitNs: Readonly<Record<string, number>> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, ns: 1 };

/**
 * Nanoseconds of a Go duration ("15s", "1m30s", "0s"), the form that Fly reads and writes.
 *
 * @returns undefined when the text is no duration; negative ones are none here
 * @see https://pkg.go.dev/time#ParseDuration (read 2026-08)
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = "0", unit = "ns"] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    total += Number(amount) * (unitNs[unit] ?? 0);
  return Math.round(total);
}

/** The duration as Go writes it: 60e9 is "1m0s", 0 is "0s", 1.5e9 is "1.5s", 3e8 is "300ms". */
export function formatDuration(ns: number): string {
  if (ns === 0) return "0s";
  if (ns < 1e9) return smallDuration(ns);
  const hours = Math.floor(ns / 3.6e12);
  const minutes = Math.floor((ns % 3.6e12) / 6e10);
  const seconds = `${decimal(ns % 6e10, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** Milliseconds of a Go duration, for waiting. Throws for text that is none, which the schema has refused before. */
export function durationMs(text: string): number {
  const ns = parseDuration(text);
  if (ns === undefined) throw new RangeError(`"${text}" is not a duration`);
  return ns / 1e6;
}

function smallDuration(ns: number): string {
  if (ns < 1e3) return `${ns}ns`;
  return ns < 1e6 ? `${decimal(ns, 3)}µs` : `${decimal(ns, 6)}ms`;
}

/** `units` shifted right by `places` decimal digits, without trailing zeros. */
function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${fraction}`;
}
