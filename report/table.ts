import type { Paint } from "./paint";

/** One line of a table; `format` colours it whole. */
export interface Row {
  readonly cells: readonly string[];
  readonly format?: Parameters<Paint>[0];
}

/**
 * Columns as wide as their widest cell, under a bold heading.
 *
 * @param right indexes of columns whose cells stand at the right, for numbers
 */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  paint: Paint,
  right: readonly number[] = [],
): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [
    paint("bold", line(head)),
    ...rows.map(({ cells, format }) => (format ? paint(format, line(cells)) : line(cells))),
  ].join("\n");
}
