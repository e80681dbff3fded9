import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

/** The X25519 key for which values are sealed; it follows from the id of the repository or environment. */
export function publicKey(id: number): { key_id: string; key: string } {
  return { key_id: String(3_380_000_000 + id), key: pairOf(id).open.toString("base64") };
}

/** What was sealed for the key of a repository or environment, in libsodium's sealed box; undefined: for another key, or for none. */
export async function openSealed(id: number, base64: string): Promise<string | undefined> {
  const sodium: typeof import("libsodium-wrappers") = require("libsodium-wrappers");
  await sodium.ready;
  const { open, secret } = pairOf(id);
  try {
    return sodium.crypto_box_seal_open(Buffer.from(base64, "base64"), open, secret, "text");
  } catch {
    return undefined;
  }
}

function pairOf(id: number): { open: Buffer; secret: Buffer } {
  const secret = createHash("sha256").update(`sealing key ${id}`).digest();
  const prefix = Buffer.from("302e020100300506032b656e04220420", "hex");
  const key = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: "der", type: "pkcs8" });
  return { open: createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32), secret };
}
