import { randomBytes, scrypt } from "node:crypto";

/** Enough of a value to see that it changed, too little to confirm a guess: 20 bits of scrypt under a salt of its own. */
export interface Fingerprint {
  /** Base64, new at each write. */
  readonly salt: string;
  readonly bits: number;
}

/** 2^14 rounds take about 35 ms; 20 bits miss one rotation in a million. */
const cost = { N: 2 ** 14, r: 8, p: 1 };
const bitCount = 20;

/** The fingerprint of a value that was just written. */
export async function fingerprint(value: string, salt = randomBytes(16).toString("base64")): Promise<Fingerprint> {
  return { salt, bits: (await derive(value, salt)) >>> (32 - bitCount) };
}

/** True when the value is, but for one in a million, the one that was written. */
export async function matches(value: string, { salt, bits }: Fingerprint): Promise<boolean> {
  return (await fingerprint(value, salt)).bits === bits;
}

function derive(value: string, salt: string): Promise<number> {
  return new Promise((resolve, reject) => {
    scrypt(value, Buffer.from(salt, "base64"), 4, cost, (error, key) => {
      if (error) reject(error);
      else resolve(key.readUInt32BE(0));
    });
  });
}
