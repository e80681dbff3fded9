/** Shell text of a step. It can hold words of this program and nothing that GitHub would expand: values come in through `env`. */
export class Script {
  declare protected readonly origin: "script";
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A bash script: run`flyctl deploy --app ${"hot-dash"} --image "$IMAGE"`. What stands in `${}` is a word of this program and becomes one
 * quoted shell word; a list becomes several. Common indentation goes away.
 * @throws when the text holds an expression of GitHub Actions (W05)
 */
export function run(
  parts: TemplateStringsArray,
  ...words: readonly (string | number | readonly string[] | Script)[]
): Script {
  const text = dedent(
    parts.map((part, index) => part + (index < words.length ? render(words[index] ?? "") : "")).join(""),
  );
  if (text.includes("${{")) {
    throw new Error(
      `An expression stands in a script: ${text.split("\n")[0]}. Hand it over through env. [workflow/expression-in-run]`,
    );
  }
  return new Script(text);
}

function render(word: string | number | readonly string[] | Script): string {
  if (word instanceof Script) return word.text;
  if (typeof word === "object") return word.map(shellWord).join(" ");
  return shellWord(String(word));
}

/** One word for bash, quoted where it needs to be. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, "")
    .replace(/\n[ \t]*$/, "")
    .split("\n");
  const depth = Math.min(
    ...lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0),
  );
  return lines.map((line) => line.slice(Number.isFinite(depth) ? depth : 0)).join("\n");
}
