import { fly } from "./fly";
import { Problem } from "./framework";

const session = { signal: new AbortController().signal };
const sandbox = { FLY_API_TOKEN: "fo1_hush_hush", FLY_FLAPS_BASE_URL: "http://127.0.0.1:1" };
const configure = (values: Parameters<typeof fly.configure>[0], env: Record<string, string>) =>
  fly.configure(values, env, session);

async function refusal(values: Parameters<typeof fly.configure>[0], env: Record<string, string>): Promise<string> {
  try {
    await configure(values, env);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

test("gives reading handlers a client that has no writes", async () => {
  const { reader, writer } = await configure({}, sandbox);
  expect("create" in writer.apps).toBe(true);
  expect("create" in reader.apps).toBe(false);
});

test("names the env var of the token that is missing", async () => {
  expect(await refusal({}, {})).toMatch(/FLY_API_TOKEN is not set.*\[fly\/token-missing\]/);
  expect(await refusal({ token_env: "MY_TOKEN" }, sandbox)).toMatch(/MY_TOKEN is not set/);
});

test("takes flyctl's other variable, but not when another one is named", async () => {
  await configure({}, { FLY_ACCESS_TOKEN: "fo1_other" });
  expect(await refusal({ token_env: "MY_TOKEN" }, { FLY_ACCESS_TOKEN: "fo1_other" })).toContain("[fly/token-missing]");
});

test("refuses plain http to another machine, without showing the token", async () => {
  const text = await refusal({}, { ...sandbox, FLY_FLAPS_BASE_URL: "http://api.machines.dev" });
  expect(text).toContain("[fly/plain-http]");
  expect(text).not.toContain("hush");
});

test("refuses a local state for the real Fly, not for a sandbox", async () => {
  await configure({ local_state: true }, sandbox);
  expect(await refusal({ local_state: true }, { FLY_API_TOKEN: "t" })).toContain("[fly/local-state]");
  await configure({ local_state: false }, { FLY_API_TOKEN: "t" });
});

test("takes no token for the name of a variable", () => {
  const check = fly.attributes.token_env.options.check;
  expect(check?.("MY_TOKEN")).toBeUndefined();
  expect(check?.("fm2_hush")).toMatch(/^(?!.*hush).*\[fly\/token-env\]/);
});
