import { fingerprint, matches } from "./fingerprint";

test("knows the value again, under a salt of its own each time", async () => {
  const [one, two] = [await fingerprint("hunter2"), await fingerprint("hunter2")];
  expect(one.salt).not.toBe(two.salt);
  expect(await matches("hunter2", one)).toBe(true);
  expect(await matches("hunter3", one)).toBe(false);
});

test("is too short to confirm a guess: 20 bits, and nothing of the value", async () => {
  const { bits, ...rest } = await fingerprint("hunter2");
  expect(bits).toBeLessThan(2 ** 20);
  expect(Object.keys(rest)).toEqual(["salt"]);
});
