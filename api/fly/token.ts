/** What no token holds: control characters, quotes and other than plain letters. A header with one of them cannot be sent. */
const TOKEN = /^[\w.+/=,:~-]+( [\w.+/=,:~-]+)*$/;

/** Whether a text could be a token of Fly or GitHub: "fo1_...", "FlyV1 fm2_...", "ghp_...". */
export const isTokenLike = (text: string): boolean => TOKEN.test(text);

/** The token as it is. Throws, without repeating it, when it could not be one. */
export function checkedToken(token: string): string {
  if (isTokenLike(token)) return token;
  throw new Error(
    "The token for Fly holds a line break, a quote or another character that no token has, so it was not sent. Set it anew, on one line: export FLY_API_TOKEN=... [fly/token-malformed]",
  );
}
