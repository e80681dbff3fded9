import sodium from "libsodium-wrappers";
import { seal } from "./sealed-box";

test("only the holder of the key reads a sealed value, and no two boxes are alike", async () => {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const key = Buffer.from(publicKey).toString("base64");
  const [one, two] = [await seal(key, "canary é\n"), await seal(key, "canary é\n")];
  expect(one).not.toBe(two);
  for (const box of [one, two]) {
    const opened = sodium.crypto_box_seal_open(Buffer.from(box, "base64"), publicKey, privateKey, "text");
    expect(opened).toBe("canary é\n");
  }
});
