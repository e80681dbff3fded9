/** A Markdown table. Nothing in a cell breaks it. */
export function table(head, rows) {
  const clean = (cell) => String(cell).replace(/\s+/g, " ").replaceAll("|", "\\|");
  const line = (cells) => `| ${cells.map(clean).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
