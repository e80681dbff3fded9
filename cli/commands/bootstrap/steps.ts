/** How steps are shown: numbered, what was found, what to type. */
import type { Step } from "../../../ops/bootstrap/step";
import { Failure, Interrupted } from "../../../ops/failure";
import type { Format } from "../../../report/paint";
import type { Io } from "../../io";
import type { Tools } from "../../tools";

const looks: Readonly<Record<Step["state"], { readonly word: string; readonly format: Format }>> = {
  done: { word: "done", format: "green" },
  "to do": { word: "to do", format: "yellow" },
  "by hand": { word: "by hand", format: "cyan" },
  failed: { word: "FAIL", format: "red" },
  waits: { word: "waits", format: "dim" },
};

/** One paragraph for each step. */
export function stepsText(steps: readonly Step[], io: Io, where: "out" | "say"): string {
  const { harmless }: typeof import("../../../report/harmless") = require("../../../report/harmless");
  const { wrap }: typeof import("../../../report/wrap") = require("../../../report/wrap");
  const indent = `\n${" ".repeat(13)}`;
  const paint = io.paint[where];
  const paragraphs = steps.map(({ name, state, says, next }, index) => {
    const { word, format } = looks[state];
    const head = `${String(index + 1).padStart(2)}. ${paint(format, word.padEnd(7))}  ${paint("bold", name)}`;
    const lines = says.map((line) => harmless(line, { lines: true }).trimEnd().replaceAll("\n", indent));
    return [wrap([head, ...lines].join(indent), io.columns[where]), ...next].join(indent);
  });
  return paragraphs.join("\n");
}

/** Somebody at the terminal says yes. @throws Failure without a yes, Interrupted without an answer */
export async function agree(what: string, { interruption }: Tools, io: Io): Promise<void> {
  if (!io.interactive) {
    throw new Failure(
      `This would ${what}, and nobody is at a terminal to agree. Nothing was changed. Add --yes to go ahead. [infra/needs-yes]`,
    );
  }
  const answer = await io.ask(`Go ahead and ${what}? Only "yes" does: `, interruption.soft);
  if (answer === undefined) throw new Interrupted();
  if (answer.trim() !== "yes") throw new Failure("Not agreed. Nothing was changed. [infra/not-agreed]");
}
