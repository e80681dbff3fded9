/**
 * A text from outside, safe to print: control characters (escape sequences, carriage returns, line ends unless kept) and characters that
 * turn the reading direction are written out as \u{...}, so that a name cannot move the cursor, colour the screen or hide a line.
 */
export function harmless(text: string, { lines = false }: { readonly lines?: boolean } = {}): string {
  return text.replace(HOSTILE, (one) => {
    if (one === "\n" && lines) return one;
    if (one === "\n") return "\\n";
    if (one === "\t") return lines ? one : "\\t";
    return `\\u{${one.codePointAt(0)?.toString(16)}}`;
  });
}

const HOSTILE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
