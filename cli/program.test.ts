import { PassThrough } from "node:stream";
import { FlyError } from "../api/fly";
import { Failure, Interrupted } from "../ops/failure";
import { version } from "../package.json";
import { type Command, defineCommand } from "./define-command";
import { createIo } from "./io";
import { run } from "./program";
import type { Tools } from "./tools";

const seen: unknown[] = [];

const greet = defineCommand({
  name: "greet",
  summary: "Greet somebody.",
  positionals: { who: { doc: "Names.", many: true } },
  options: {
    loud: { type: "boolean", doc: "Shout." },
    times: { type: "number", doc: "How often.", placeholder: "N" },
    stack: { type: "strings", doc: "Stacks." },
  },
  exitCodes: { 0: "greeted", 2: "nobody to greet" },
  examples: ["greet Ada"],
  async run(values, _tools, io) {
    seen.push(values);
    io.out(`Hello ${values.who.join(" and ")}`);
    return values.who.length > 0 ? 0 : 2;
  },
});

const failing = (name: string, error: () => unknown): Command => ({
  name,
  summary: "Fail.",
  positionals: {},
  options: { json: { type: "boolean", doc: "JSON." } },
  exitCodes: {},
  examples: [],
  run: async () => {
    throw error();
  },
});

const commands: readonly Command[] = [
  greet,
  failing("user", () => new Failure("The value is wrong: \u001b[31mred. [infra/test]")),
  failing("stopped", () => new Interrupted()),
  failing("disk", () => Object.assign(new Error("EACCES: permission denied, mkdir '/x'"), { code: "EACCES" })),
  failing("bug", () => new TypeError("x is not a function")),
  failing(
    "busy",
    () =>
      new FlyError({
        kind: "rate-limited",
        status: 429,
        method: "GET",
        path: "/v1/apps/shop",
        flyMessage: "slow down",
        retryAfterMs: 2000,
      }),
  ),
  failing("group one", () => new Failure("one")),
];

const never = { soft: new AbortController().signal, hard: new AbortController().signal };
const tools: Tools = { directory: "/", env: {}, interruption: never, now: () => 0 };

async function infra(...argv: readonly string[]) {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await run(argv, commands, tools, createIo(streams, {}));
  return { code, stdout: String(streams.stdout.read() ?? ""), stderr: String(streams.stderr.read() ?? "") };
}

describe("infra", () => {
  test("gives a command its values by declared names and types", async () => {
    seen.length = 0;
    const { code, stdout } = await infra("greet", "Ada", "Bob", "--times", "3", "--stack", "a", "--stack", "b");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Hello Ada and Bob\n" });
    expect(seen).toEqual([{ who: ["Ada", "Bob"], loud: false, times: 3, stack: ["a", "b"] }]);
  });

  test("returns the command's exit code", async () => {
    expect((await infra("greet")).code).toBe(2);
  });

  test("help names options, exit codes and examples, on standard output", async () => {
    const { code, stdout, stderr } = await infra("greet", "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/--times <N>[\s\S]*Exit codes:\n {2}0 {4}greeted\n[\s\S]*infra greet Ada/);
  });

  test("`help` in front is `--help` behind", async () => {
    expect(await infra("help", "greet")).toEqual(await infra("greet", "--help"));
    expect(await infra("help")).toEqual(await infra("--help"));
  });

  test("says its version", async () => {
    const { code, stdout } = await infra("--version");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  });

  test.each([
    [
      ["gret"],
      'infra has no command "gret"; did you mean "greet"? It has: greet, user, stopped, disk, bug, busy, group. [infra/unknown-command]',
    ],
    [["group", "tow"], 'infra group has no command "tow". It has: one. [infra/unknown-command]'],
    [
      ["greet", "--lod"],
      "Error: unknown option '--lod'\n(Did you mean --loud?)\nSee: npx infra greet --help [infra/arguments]",
    ],
    [
      ["greet", "--times", "x"],
      "Error: option '--times <N>' argument 'x' is invalid. It wants a whole number.\nSee: npx infra greet --help [infra/arguments]",
    ],
    [["group", "one", "--lod"], "Error: unknown option '--lod'\nSee: npx infra group one --help [infra/arguments]"],
    [["--jsn"], "Error: unknown option '--jsn'\nSee: npx infra --help [infra/arguments]"],
  ])("%j ends in 1 and says why", async (argv, text) => {
    const { code, stderr, stdout } = await infra(...argv);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(text);
  });

  test("a user's mistake is told without a stack and without its escape sequences", async () => {
    const { code, stderr } = await infra("user");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "Error: The value is wrong: \\u{1b}[31mred. [infra/test]\n" });
  });

  test("with --json the error is on standard output too, with its id", async () => {
    const { stdout } = await infra("user", "--json");
    expect(JSON.parse(stdout).error.id).toBe("infra/test");
  });

  test("an interruption ends in 130", async () => {
    expect(await infra("stopped")).toEqual({ code: 130, stdout: "", stderr: "Interrupted. Nothing was changed.\n" });
  });

  test("what the machine refuses is nobody's mistake", async () => {
    expect((await infra("disk")).stderr).toBe("Error: EACCES: permission denied, mkdir '/x'\n");
  });

  test("our own mistake shows its stack and asks for a report", async () => {
    const { code, stderr } = await infra("bug");
    expect(code).toBe(1);
    expect(stderr).toMatch(/x is not a function[\s\S]*program\.test\.ts[\s\S]*\[infra\/internal\]/);
  });

  test("an error has its class, its id and the next step, in text and in JSON", async () => {
    const { code, stderr, stdout } = await infra("busy", "--json");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Error \(rate limit\): Fly says: too many requests\. Fly answered 429 .*\[fly\/rate-limited\]\n$/,
    );
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      error: {
        class: "rate limit",
        id: "fly/rate-limited",
        message: expect.stringContaining("Fly asks to wait 2 s."),
        next: expect.stringContaining("terraform apply -parallelism=4"),
      },
    });
  });
});
