import { PassThrough } from "node:stream";
import { createIo } from "./io";

const streams = (isTTY: boolean) => ({
  stdin: Object.assign(new PassThrough(), { isTTY }),
  stdout: Object.assign(new PassThrough(), { isTTY }),
  stderr: Object.assign(new PassThrough(), { isTTY, columns: 20 }),
});

describe("createIo", () => {
  test("colours on a terminal, and not with NO_COLOR, on a dumb one or without one", () => {
    const red = (isTTY: boolean, env: NodeJS.ProcessEnv) => createIo(streams(isTTY), env).paint.out("red", "x");
    expect(red(true, {})).toBe("\u001b[31mx\u001b[39m");
    expect([red(true, { NO_COLOR: "1" }), red(true, { TERM: "dumb" }), red(false, {})]).toEqual(["x", "x", "x"]);
  });

  test("progress is one line that goes before the next text", () => {
    const all = streams(true);
    const io = createIo(all, {});
    io.progress("a text that is longer than the terminal");
    io.say("done");
    expect(String(all.stderr.read())).toBe("a text that is lon…\r\u001b[2Kdone\n");
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("%s leaves the question without an answer", async (_name, key) => {
    const all = streams(true);
    const asked = createIo(all, {}).ask("Go on? ", new AbortController().signal);
    all.stdin.write(key);
    expect(await asked).toBeUndefined();
  });

  test("a signal leaves the question without an answer", async () => {
    const stop = new AbortController();
    const asked = createIo(streams(true), {}).ask("Go on? ", stop.signal);
    stop.abort();
    expect(await asked).toBeUndefined();
  });

  test("without a terminal there is no progress and nobody to ask", () => {
    const all = streams(false);
    const io = createIo(all, {});
    io.progress("reading");
    expect(all.stderr.read()).toBeNull();
    expect(io.interactive).toBe(false);
  });

  test("in a job of GitHub Actions no text is a command to the runner", () => {
    const written = (env: NodeJS.ProcessEnv) => {
      const all = streams(false);
      createIo(all, env).out('a\n  ::error::x\n"##[add-mask]a" b::c');
      return String(all.stdout.read());
    };
    expect(written({})).toBe('a\n  ::error::x\n"##[add-mask]a" b::c\n');
    expect(written({ GITHUB_ACTIONS: "true" })).toBe('a\n  \\u003a:error::x\n"#\\u0023[add-mask]a" b::c\n');
  });
});
