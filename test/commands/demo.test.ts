/** The demo as a reader runs it: every expectation holds, and nothing is left behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { remove } from "./support/project";

const root = join(__dirname, "..", "..");

interface Played {
  readonly code: number | null;
  readonly output: string;
  /** What stands in its temporary folder afterwards. */
  readonly left: readonly string[];
}

/** Runs the demo in a temporary folder of its own; `interruptAt` sends Ctrl-C once that text was printed. */
async function play({ interruptAt }: { readonly interruptAt?: string } = {}): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "infra-demo-test-"));
  const env = {
    ...process.env,
    TMPDIR: folder,
    NO_COLOR: "1",
    FLY_API_TOKEN: "fo1_real",
    FLY_FLAPS_BASE_URL: "https://api.machines.dev",
  };
  const child = spawn(process.execPath, ["--import", "tsx", "demo/main.ts"], { cwd: root, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (interruptAt && !child.killed && output.includes(interruptAt)) child.kill("SIGINT");
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  const left = readdirSync(folder).filter((name) => name.startsWith("infra-"));
  remove(folder);
  return { code, output, left };
}

/** The lines of the README's plan, and whether the demo printed each; ids and made-up names of machines are another each time. */
function shownInReadme(output: string): readonly { line: string; printed: boolean }[] {
  const mask = (text: string) => text.replace(/[0-9a-f]{14}/g, "<id>").replace(/\b[a-z]+-[a-z]+-\d{4}\b/g, "<name>");
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const block = /^```\n(production: [\s\S]*?)^```/m.exec(readme)?.[1] ?? "";
  const printed = mask(output).replace(/ +/g, " ");
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => ({ line, printed: printed.includes(mask(line).trim().replace(/ +/g, " ")) }));
}

const sandboxOf = (output: string): string => /It answers at (\S+);/.exec(output)?.[1] ?? "";

test("finds every change, repairs it and ends as declared, with a real token and address around", async () => {
  const { code, output, left } = await play();
  expect({ code, left }).toEqual({ code: 0, left: [] });
  expect(output).not.toContain("NOT SO");
  const found = output.match(/ok {2}the plan of \S+ names the .*/g)?.map((line) => line.replace(/ [0-9a-f]{14}$/, ""));
  expect(found).toEqual([
    "ok  the plan of production names the memory of machine",
    "ok  the plan of production names the forced stop of machine",
    "ok  the plan of staging names the removed check of machine",
    "ok  the plan of staging names the undeclared machine",
    "ok  the plan of chatwoot names the rotated secret SECRET_KEY_BASE",
  ]);
  expect(output.match(/ok {2}\S+ is as declared/g)).toHaveLength(6);
  const shown = shownInReadme(output);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter(({ printed }) => !printed)).toEqual([]);
  await expect(fetch(sandboxOf(output))).rejects.toThrow();
}, 240_000);

test("Ctrl-C in the middle ends in 130 and leaves neither sandbox nor folder", async () => {
  const { code, output, left } = await play({ interruptAt: "2. Deploy" });
  expect({ code, left }).toEqual({ code: 130, left: [] });
  await expect(fetch(sandboxOf(output))).rejects.toThrow();
}, 120_000);
