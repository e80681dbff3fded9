import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostProvider } from "../../provider/plugin/host";
import { bundleNote, type NoteBinary } from "../../provider/plugin/testing/note-binary";
import { type NoteHooks, noteProvider } from "../../provider/plugin/testing/note-provider";

const address = "example.com/test/note";
const hasTerraform = spawnSync("terraform", ["version"]).status === 0;
const withTerraform = hasTerraform ? describe : describe.skip;

let binary: NoteBinary;
let root: string;

beforeAll(() => {
  binary = bundleNote();
  root = mkdtempSync(join(tmpdir(), "note-terraform-"));
  const overrides = `provider_installation {\n  dev_overrides { "${address}" = "${binary.folder}" }\n}\n`;
  writeFileSync(join(root, "overrides.tfrc"), overrides);
  writeFileSync(join(root, "empty.tfrc"), "");
});

afterAll(() => {
  binary.remove();
  rmSync(root, { recursive: true });
});

/** A folder with a Terraform configuration; `run` starts Terraform in it. */
function workspace(name: string, prefix: string, body: string) {
  const folder = join(root, name);
  mkdirSync(folder);
  const write = (content: string) =>
    writeFileSync(
      join(folder, "main.tf"),
      `terraform {\n  required_providers {\n    note = { source = "${address}" }\n  }\n}\nprovider "note" {\n  prefix = "${prefix}"\n}\n${content}`,
    );
  write(body);
  const start = (args: readonly string[], reattach?: string) => {
    const child = spawn("terraform", args, {
      cwd: folder,
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_ARGS: "-no-color",
        TF_IN_AUTOMATION: "1",
        TF_CLI_CONFIG_FILE: join(root, reattach ? "empty.tfrc" : "overrides.tfrc"),
        ...(reattach && { TF_REATTACH_PROVIDERS: reattach }),
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const ended = once(child, "close").then(([code]) => ({ code, output }));
    return { child, ended };
  };
  const run = (...args: readonly string[]) => start(args).ended;
  const state = async () => JSON.parse((await run("output", "-json")).output.replace(/^[^{]*/, ""));
  return { write, start, run, state };
}

const apply = ["apply", "-auto-approve"];
const plan = ["plan", "-detailed-exitcode"];

withTerraform("terraform, with the provider as a process", () => {
  test("plans unknowns, applies them, and has nothing to do afterwards", async () => {
    const { run, state } = workspace(
      "process",
      "one",
      `
resource "note_note" "a" {
  text  = "hello"
  share = 0.33
}
resource "note_note" "b" {
  text   = note_note.a.id
  share  = 9007199254740993
  tags   = ["x", note_note.a.id]
  labels = { known = note_note.a.echo[0], later = note_note.a.echo[1], "ü" = "日本" }
  marks  = [{ at = 1e300 }, { at = -0.5, why = note_note.a.id }, { at = 1.1 }]
}
data "note_prefix" "p" {}
output "b" { value = note_note.b }
output "p" { value = data.note_prefix.p.value }
`,
    );
    const planned = await run(...plan);
    expect(planned.code).toBe(2);
    expect(planned.output).toMatch(/\+ "known"\s+= "hello"\n\s+\+ "later"\s+= \(known after apply\)/);
    expect((await run(...apply)).output).toContain("Apply complete! Resources: 2 added");
    const { b, p } = await state();
    expect(p.value).toBe("one");
    expect(b.value).toMatchObject({
      id: "one-one-hello",
      tags: ["x", "one-hello"],
      labels: { known: "hello", later: "one-hello", ü: "日本" },
      marks: [{ at: 1e300 }, { at: -0.5, why: "one-hello" }, { at: 1.1, why: null }],
      echo: ["one-hello", "one-one-hello"],
    });
    const again = await run(...plan);
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
    expect((await run("destroy", "-auto-approve")).output).toContain("Destroy complete! Resources: 2 destroyed.");
  });

  test("imports, and has nothing to do afterwards", async () => {
    const { run } = workspace("import", "one", `resource "note_note" "a" {\n  text = "hello"\n}\n`);
    expect((await run("import", "note_note.a", "one-hello")).output).toContain("Import successful!");
    expect((await run(...plan)).code).toBe(0);
  });

  test("shows a diagnostic at the line of its attribute", async () => {
    const { run } = workspace("diagnostic", "one", `resource "note_note" "a" {\n  text = ""\n}\n`);
    const { code, output } = await run("plan");
    expect(code).toBe(1);
    expect(output).toMatch(
      /Error: Empty note[\s\S]*main\.tf line 10, in resource "note_note" "a":\s+.*10:\s+text = ""/,
    );
  });

  test("carries a text of 2 MB", async () => {
    const file = join(root, "large.txt");
    writeFileSync(file, "12345678".repeat(256 * 1024));
    const { run } = workspace("large", "one", `resource "note_note" "a" {\n  text = file("${file}")\n}\n`);
    expect((await run(...apply)).output).toContain("Apply complete!");
    expect((await run(...plan)).code).toBe(0);
  });
});

withTerraform("terraform, with the provider in another process", () => {
  /** Two runs, each in the middle of its apply at the same time, on one provider. */
  async function twoRuns(name: string, hooks: (started: Set<string>) => NoteHooks) {
    const started = new Set<string>();
    const host = await hostProvider({ openSession: noteProvider(hooks(started)), address });
    const spaces = ["one", "two"].map((prefix) =>
      workspace(
        `${name}-${prefix}`,
        prefix,
        `resource "note_note" "a" {\n  text = "hello"\n}\noutput "id" { value = note_note.a.id }\n`,
      ),
    );
    const runs = spaces.map((space) => space.start(apply, host.reattach));
    return { host, spaces, runs, started };
  }

  test("serves two runs at once, each with its own configuration", async () => {
    const { host, runs } = await twoRuns("both", (started) => ({
      async duringApply(prefix) {
        started.add(prefix);
        while (started.size < 2) await new Promise(setImmediate);
      },
    }));
    const [one, two] = await Promise.all(runs.map((run) => run.ended));
    expect(one).toMatchObject({ code: 0, output: expect.stringContaining('id = "one-hello"') });
    expect(two).toMatchObject({ code: 0, output: expect.stringContaining('id = "two-hello"') });
    await host.close();
  });

  test("an interrupt of one run stops that run and leaves the other alone", async () => {
    const stopped: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { host, runs, started } = await twoRuns("stop", (started) => ({
      onStop: (prefix) => {
        stopped.push(prefix);
        release();
      },
      async duringApply(prefix) {
        started.add(prefix);
        await released;
      },
    }));
    while (started.size < 2) await new Promise(setImmediate);
    runs[0]?.child.kill("SIGINT");
    const [one, two] = await Promise.all(runs.map((run) => run.ended));
    expect(stopped.filter((prefix) => prefix !== "")).toEqual(["one"]);
    expect(one?.output).toContain("Interrupt received");
    expect(two).toMatchObject({ code: 0, output: expect.stringContaining('id = "two-hello"') });
    await host.close();
  });

  test("a run that is killed aborts its own session only", async () => {
    const aborted = new Set<string>();
    const { host, runs, started } = await twoRuns("kill", (started) => ({
      onAbort: (prefix) => aborted.add(prefix),
      async duringApply(prefix) {
        started.add(prefix);
        while (!aborted.has("one")) await new Promise(setImmediate);
      },
    }));
    while (started.size < 2) await new Promise(setImmediate);
    expect(aborted.has("two")).toBe(false);
    runs[0]?.child.kill("SIGKILL");
    expect(await runs[1]?.ended).toMatchObject({ code: 0, output: expect.stringContaining('id = "two-hello"') });
    await host.close();
  });
});
