import { addressesFrom, checkedAddress, isLoopback } from "./address";

test("takes flyctl's variables, else Fly's public addresses", () => {
  expect(addressesFrom({ FLY_FLAPS_BASE_URL: "http://127.0.0.1:1" })).toEqual({
    machinesUrl: "http://127.0.0.1:1",
    graphqlUrl: "https://api.fly.io",
    uiexUrl: "https://api.fly.io",
  });
});

test("refuses plain http but for loopback", () => {
  for (const url of ["http://127.0.0.1:4/", "http://localhost:4", "http://[::1]:4", "https://api.machines.dev/"]) {
    expect(checkedAddress(url)).toBe(url.replace(/\/$/, ""));
  }
  for (const url of ["http://api.machines.dev", "http://127.0.0.1.example.org", "http://10.0.0.1"]) {
    expect(() => checkedAddress(url)).toThrow("[fly/plain-http]");
  }
});

test("refuses what is no address, without repeating a password", () => {
  expect(() => checkedAddress("machines")).toThrow("[fly/address]");
  expect(() => checkedAddress("https://me:hush@example.org")).toThrow(/^(?!.*hush).*\[fly\/address\]/);
});

test("knows loopback by the whole host", () => {
  expect(isLoopback("http://127.1.2.3:80")).toBe(true);
  expect(isLoopback("https://127.0.0.1.nip.io")).toBe(false);
});
