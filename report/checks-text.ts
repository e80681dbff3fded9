/** The checks of a drift report, for a terminal. */
import { harmless } from "./harmless";
import type { Check, Report } from "./model";
import type { Format } from "./paint";
import type { Wording } from "./terminal";
import { wrap } from "./wrap";

/** The checks beside the stacks, with what they found; undefined where there are none. Those not made share one line. */
export function checksText(
  { checks = [], unusedIgnores = [] }: Report,
  { paint, columns }: Wording,
): string | undefined {
  const skipped = checks.filter(({ verdict }) => verdict === "skip");
  const made = checks.filter(({ verdict }) => verdict !== "skip");
  if (made.length === 0) return undefined;
  const width = Math.max(...made.map(({ name }) => name.length));
  const lines = [
    paint("bold", "Checks"),
    ...made.flatMap(({ name, verdict, lines: found }) => [
      `  ${name.padEnd(width)}  ${paint(CHECK[verdict].format, CHECK[verdict].text)}`,
      ...found.map((line) => `      ${harmless(line)}`),
    ]),
    ...(skipped.length === 0
      ? []
      : [
          paint(
            "dim",
            `  Not made: ${skipped.map(({ name, lines: why }) => `${name} (${why.join("; ")})`).join(", ")}`,
          ),
        ]),
    ...unusedIgnores.map(({ stack, address, path }) =>
      paint(
        "yellow",
        harmless(`  drift-ignore.yaml: nothing needs the entry for ${stack} ${address} ${path}; take it out`),
      ),
    ),
  ];
  return wrap(lines.join("\n"), columns);
}

const CHECK: Readonly<Record<Check["verdict"], { readonly text: string; readonly format: Format }>> = {
  pass: { text: "PASS", format: "green" },
  fail: { text: "FAIL", format: "yellow" },
  error: { text: "ERROR", format: "red" },
  skip: { text: "not made", format: "dim" },
};
