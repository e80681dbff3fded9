/** What the doctor says of a machine that lacks something. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeProject, infra, remove } from "./support/project";

const stacks = {
  one: { provider: { fly: [{ organization: "acme" }] }, resource: { fly_app: { app: { name: "shop" } } } },
};
const directory = fakeProject(stacks);
afterAll(() => remove(directory));

interface Examined {
  readonly name: string;
  readonly state: string;
  readonly says: string;
  readonly next?: string;
}

async function examined(env: NodeJS.ProcessEnv) {
  const { code, stdout } = await infra(directory, ["doctor", "--json"], { env });
  const all = (JSON.parse(stdout) as { examined: readonly Examined[] }).examined;
  return { code, of: (name: string) => all.filter((one) => one.name === name) };
}

/** A program that prints this as its version. */
function fakeTool(version: string): string {
  const path = join(directory, `tool-${version}`);
  writeFileSync(path, `#!/bin/sh\necho "flyctl v${version} linux/amd64"\n`);
  chmodSync(path, 0o755);
  return path;
}

const noToken = { FLY_API_TOKEN: "", FLY_ACCESS_TOKEN: "" };

test("a tool that is needed and missing fails, with where to get it", async () => {
  const { code, of } = await examined({ ...noToken, TERRAFORM_BINARY_NAME: join(directory, "no-such-terraform") });
  expect(code).toBe(1);
  expect(of("terraform")).toEqual([
    expect.objectContaining({ state: "fail", next: "Install it: https://developer.hashicorp.com/terraform/install" }),
  ]);
});

test("a tool that is older than the lowest tested is named with both versions", async () => {
  const { of } = await examined({ ...noToken, FLYCTL: fakeTool("0.3.194") });
  expect(of("flyctl")).toMatchObject([{ state: "warn", says: "0.3.194 is older than 0.3.195, the lowest tested" }]);
});

test("a tool that is there and says no version is not called missing", async () => {
  const { of } = await examined({ ...noToken, FLYCTL: "/bin/false" });
  expect(of("flyctl")).toMatchObject([{ state: "warn", says: expect.stringContaining("there, but says no version") }]);
});

test("an address that is none does not end the rest", async () => {
  const { code, of } = await examined({ FLY_API_TOKEN: "fo1_x", FLY_FLAPS_BASE_URL: "nonsense" });
  expect({ code, state: of("state")[0]?.state, token: of("Fly token")[0]?.state }).toEqual({
    code: 1,
    state: "warn",
    token: "fail",
  });
});

test("the lowest tested version is enough", async () => {
  const { of } = await examined({ ...noToken, FLYCTL: fakeTool("0.3.195") });
  expect(of("flyctl")).toMatchObject([{ state: "ok", says: "0.3.195" }]);
});

test("a missing token fails and says what to type; the manual step is always named", async () => {
  const { code, of } = await examined(noToken);
  expect(code).toBe(1);
  expect(of("Fly token")[0]?.next).toContain("fly tokens create readonly acme");
  expect(of("Fly e-mail notices")).toMatchObject([{ state: "manual" }]);
});

test("local state beside the real Fly is a warning, beside the sandbox it is as it should be", async () => {
  const real = await examined({ ...noToken, FLY_FLAPS_BASE_URL: "" });
  expect(real.of("state")).toMatchObject([{ state: "warn" }]);
  const local = await examined({ ...noToken, FLY_FLAPS_BASE_URL: "http://127.0.0.1:9" });
  expect(local.of("state")).toMatchObject([{ state: "ok" }]);
});

test("a program that refuses its configuration is one finding, and the rest is told all the same", async () => {
  const broken = fakeProject({}, { fails: "memoryMb: 500 is no whole step" });
  const { code, stdout, stderr } = await infra(broken, ["doctor"], { env: noToken });
  remove(broken);
  expect(code).toBe(1);
  expect(stderr).toContain("Needed: ");
  expect(stdout).toMatch(/^ok +node/m);
  expect(stdout).toMatch(/^FAIL +configuration +memoryMb: 500 is no whole step$/m);
});
