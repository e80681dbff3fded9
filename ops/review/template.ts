/**
 * Reads Terraform's templates as far as it takes to know which functions they call. What it cannot follow for certain it does not judge: an
 * escaped marker, a comment, a heredoc, a function of a provider, a backslash that is no escape.
 *
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md (read 2026-11)
 */

/** Names of the functions that a template calls, in its order; undefined: it cannot be told. */
export const callsIn = (template: string): readonly string[] | undefined =>
  found((reading) => readTemplate(reading, "text"), template);

/** The same for a text that Terraform takes for an expression as it stands, such as the address of an import. */
export const callsInExpression = (text: string): readonly string[] | undefined =>
  found((reading) => readExpression(reading), `${text}}`);

interface Reading {
  readonly text: string;
  at: number;
  readonly calls: string[];
}

/** It cannot be told what the template does. */
class Unclear extends Error {}

function found(read: (reading: Reading) => void, text: string): readonly string[] | undefined {
  const reading: Reading = { text, at: 0, calls: [] };
  try {
    read(reading);
    if (reading.at < text.length) throw new Unclear();
    return reading.calls;
  } catch (error) {
    if (error instanceof Unclear) return undefined;
    throw error;
  }
}

/** Literal text with expressions in it, to the end of the text or to the quote that ends it. */
function readTemplate(reading: Reading, where: "text" | "quotes"): void {
  const { text } = reading;
  while (reading.at < text.length) {
    const rest = text.slice(reading.at, reading.at + 3);
    if (/^(\$\$|%%)\{/.test(rest)) throw new Unclear();
    if (/^[$%]\{/.test(rest)) {
      reading.at += 2;
      readExpression(reading);
      continue;
    }
    if (where === "quotes") {
      if (rest[0] === '"') {
        reading.at += 1;
        return;
      }
      if (rest[0] === "\n" || rest[0] === "\r") throw new Unclear();
      if (rest[0] === "\\") {
        if (!/^\\[nrt"\\uU]/.test(rest)) throw new Unclear();
        reading.at += 1;
      }
    }
    reading.at += 1;
  }
  if (where === "quotes") throw new Unclear();
}

/** A name, and whether it is called or belongs to a provider. Terraform lets space stand between a function and its arguments. */
const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const CALLED = /\s*\(/y;
const FOREIGN = /\s*::/y;
/** Words of the language that may stand before a parenthesis. */
const WORDS = new Set(["for", "in", "if", "else"]);

/** An expression, to the brace that ends it. */
function readExpression(reading: Reading): void {
  const { text } = reading;
  for (let depth = 0; reading.at < text.length; ) {
    const rest = text.slice(reading.at, reading.at + 2);
    if (rest.startsWith("#") || rest === "//" || rest === "/*" || rest === "<<") throw new Unclear();
    if (rest[0] === '"') {
      reading.at += 1;
      readTemplate(reading, "quotes");
      continue;
    }
    const name = matchAt(NAME, reading);
    if (name !== undefined) {
      reading.at += name.length;
      if (matchAt(FOREIGN, reading) !== undefined) throw new Unclear();
      if (matchAt(CALLED, reading) !== undefined && !WORDS.has(name)) reading.calls.push(name);
      continue;
    }
    reading.at += 1;
    if (rest[0] === "{") depth += 1;
    if (rest[0] === "}" && depth-- === 0) return;
  }
  throw new Unclear();
}

function matchAt(pattern: RegExp, { text, at }: Reading): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
