import { stripVTControlCharacters } from "node:util";

/**
 * The text with lines of at most `columns` characters, broken between words. What continues a line stands below the text that it
 * continues: below the last column of a table row (two spaces or more begin one), else two characters further in than the line itself.
 * Colours count nothing; a word that is longer than the room stays whole. undefined: no terminal, lines stay as they are.
 */
export function wrap(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const indent = " ".repeat(hangingIndent(stripVTControlCharacters(line), columns));
  const lines: string[] = [];
  let current = "";
  for (const piece of line.split(/(?<=\S)(?= )/)) {
    if (current.trim() !== "" && widthOf(current + piece) > columns) {
      lines.push(current);
      current = indent + piece.trimStart();
    } else current += piece;
  }
  return [...lines, current].join("\n");
}

function hangingIndent(line: string, columns: number): number {
  const own = line.length - line.trimStart().length;
  const cells = [...line.matchAll(/\S {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const last = cells.filter((column) => column <= columns / 2).at(-1);
  return last ?? Math.min(own + 2, Math.floor(columns / 2));
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;
