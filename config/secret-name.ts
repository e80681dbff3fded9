/** Beginnings of well-known tokens: a text that has one is a value, whatever else it looks like. */
const tokenPrefixes =
  /^(sk[_-]|rk_|shp(at|ca|pa|ss)_|gh[pousr]_|github_pat_|fo1_|fm[12]_|FlyV1\b|eyJ|xox[abprs]-|AKIA|ASIA|SG\.|sbp_)/;

/** Whether a text can be the name of a secret or of an env var that holds one: capitals, digits and underscores, at most 64. */
export function isSecretName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(text) && !tokenPrefixes.test(text);
}

/** Whether a text looks like a secret value: a well-known token, an address with a password in it, or a private key. */
export function looksLikeSecretValue(text: string): boolean {
  const password = /:\/\/[^/\s:]*:[^@\s]+@/;
  const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;
  return [tokenPrefixes, password, privateKey].some((pattern) => pattern.test(text));
}

/** The prefix that a stack's own env vars carry: "staging" gives STAGING_, "preview-7" (one of many) PREVIEW_. */
export function stackPrefix(stack: string): string {
  const words = stack.replace(/-\d+$/, "").replace(/[^A-Za-z0-9]+/g, "_");
  return `${words.toUpperCase()}_`;
}
