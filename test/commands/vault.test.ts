/** Commands that run Terraform: values of the vault reach the provider in this process, and nothing else keeps them. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { createIo } from "../../cli/io";
import { withStacks } from "../../cli/session";
import { fakeProject, remove } from "./support/project";

const directory = fakeProject({ staging: {} });
const never = new AbortController().signal;
const tools = { directory, env: process.env, interruption: { soft: never, hard: never }, now: Date.now };
const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
const withVault = <T>(work: () => Promise<T>) => withStacks([], tools, createIo(streams, {}), work);

beforeAll(() => {
  mkdirSync(join(directory, "cdktf.out", "files"), { recursive: true });
  writeFileSync(
    join(directory, "cdktf.out", "files", "infra.json"),
    JSON.stringify({ stacks: { staging: { vault: "vault/**" } } }),
  );
  mkdirSync(join(directory, "vault", "staging"), { recursive: true });
  writeFileSync(join(directory, "vault", "staging", "API_KEY"), "of the vault\n", { mode: 0o600 });
});
afterAll(() => remove(directory));

test("the provider sees a value of the vault while the command runs, and not after", async () => {
  expect(await withVault(async () => process.env.STAGING_API_KEY)).toBe("of the vault");
  expect(process.env.STAGING_API_KEY).toBeUndefined();
});

test("a value of the shell goes before the vault's", async () => {
  process.env.STAGING_API_KEY = "of the shell";
  expect(await withVault(async () => process.env.STAGING_API_KEY)).toBe("of the shell");
  expect(process.env.STAGING_API_KEY).toBe("of the shell");
  delete process.env.STAGING_API_KEY;
});

test("a vault that others may read is refused before anything is planned", async () => {
  chmodSync(join(directory, "vault", "staging", "API_KEY"), 0o644);
  await expect(withVault(async () => "planned")).rejects.toThrow("chmod 600 it");
});
