import { execFileSync } from "node:child_process";
import { exportLines, sandboxEnvironment } from "./environment";

const options = { url: "http://127.0.0.1:4280", directory: "/project", secretSources: [], env: {} };

describe("sandboxEnvironment", () => {
  test("refuses an address that is not on this machine, even with a real token", () => {
    const real = { ...options, url: "https://api.machines.dev", env: { FLY_API_TOKEN: "fo1_real" } };
    expect(() => sandboxEnvironment(real)).toThrow("[sandbox/not-loopback]");
  });

  test("a source that is set is left alone, the others get a value", () => {
    const environment = sandboxEnvironment({
      ...options,
      secretSources: [["STAGING_A"], ["STAGING_B"]],
      env: { STAGING_A: "given" },
    });
    expect(Object.keys(environment).filter((name) => name.startsWith("STAGING_"))).toEqual(["STAGING_B"]);
  });

  test("the made-up value depends on the name alone", () => {
    const once = sandboxEnvironment({ ...options, secretSources: [["A"], ["B"]] });
    const again = sandboxEnvironment({ ...options, url: "http://127.0.0.1:1", secretSources: [["B"], ["A"]] });
    expect([once.A, once.B]).toEqual([again.A, again.B]);
    expect(once.A).not.toBe(once.B);
  });

  test("a secret of a preview takes the value that it shares with staging", () => {
    const environment = sandboxEnvironment({ ...options, secretSources: [["PREVIEW_A", "STAGING_A"], ["STAGING_A"]] });
    expect(environment).not.toHaveProperty("PREVIEW_A");
    expect(environment).toHaveProperty("STAGING_A");
  });
});

test("a shell reads the lines back as they were", () => {
  const environment = { A: "it's", B: '$(false) `x` "y"\nz', C: "" };
  const script = `${exportLines(environment)}\nnode -e 'console.log(JSON.stringify([process.env.A,process.env.B,process.env.C]))'`;
  expect(JSON.parse(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }))).toEqual(Object.values(environment));
});
