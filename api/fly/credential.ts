const macaroon = /(^|,)\s*fm(1r|1a|2)_/;

/** The value of the Authorization header. Macaroons (fm1r_, fm1a_, fm2_; several with commas are one credential) go as FlyV1, anything else as Bearer. */
export function authorization(token: string): string {
  const bare = bareToken(token);
  return macaroon.test(bare) ? `FlyV1 ${bare}` : `Bearer ${bare}`;
}

/** flyctl prints tokens with their scheme in front; people paste them so. */
export function bareToken(token: string): string {
  return token.trim().replace(/^(FlyV1|Bearer)\s+/i, "");
}

/**
 * The text without any of the values. Values of four characters and more are replaced, also as JSON writes them and as base64, alone or within a longer text;
 * a shorter one cannot be told from ordinary text, so that a text which holds it as a word is withheld whole.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === "") continue;
    for (const form of spellings(secret)) {
      if (form.length >= 4) clean = clean.replaceAll(form, "[redacted]");
      else if (hasWord(clean, form)) return "(withheld: the text repeats a secret value)";
    }
  }
  return clean;
}

function spellings(secret: string): readonly string[] {
  const base64 = Buffer.from(secret, "utf8").toString("base64");
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64, ...within(secret)];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** What of a value always stands in base64 of a longer text, by its place in there; in both alphabets. */
function within(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const forms = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const long = forms.filter((form) => form.length >= 6);
  return [...long, ...long.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  const isPart = (character: string | undefined) => character !== undefined && /\w/.test(character);
  return !(isPart(text[at - 1]) || isPart(text[at + word.length])) || hasWord(text.slice(at + 1), word);
}
