/**
 * A value that only the holder of a public key can open: libsodium's sealed box, as GitHub takes secrets.
 *
 * @param key of the repository or of the environment, in base64
 * @see https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api (read 2026-08)
 */
export async function seal(key: string, value: string): Promise<string> {
  const sodium: typeof import("libsodium-wrappers") = require("libsodium-wrappers");
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(value, Buffer.from(key, "base64"))).toString("base64");
}
