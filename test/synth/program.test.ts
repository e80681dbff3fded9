/** main.ts as a person runs it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../../synth/package-root";
import { openStage, type Stage } from "./support/stage";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Runs main.ts with its output elsewhere, so that the checkout's own stays. */
function main(outdir: string, env: Record<string, string> = {}) {
  const tsx = require.resolve("tsx");
  const args = ["--import", tsx, join(packageRoot, "main.ts")];
  return stage.run("node", args, { cwd: stage.folder, env: { CDKTF_OUTDIR: join(stage.folder, outdir), ...env } });
}

const facts = z.object({
  stacks: z.record(z.string(), z.object({ notes: z.array(z.string()) })),
});

test("leaves stacks, files for flyctl and for the repository, and notes", async () => {
  expect(await main("out")).toEqual({ code: 0, text: "" });
  const folder = join(stage.folder, "out");
  const names = ["chatwoot", "github", "production", "staging", "workflows"];
  expect(readdirSync(join(folder, "stacks")).sort()).toEqual(names);
  const files = [".github", "fly.chatwoot.toml", "fly.production.toml", "fly.toml", "infra.json", "repo-config"];
  expect(readdirSync(join(folder, "files")).sort()).toEqual([...files, "repository"]);
  expect(existsSync(join(folder, "files/repository/.github/workflows/ci.yml"))).toBe(true);
  const { stacks } = facts.parse(JSON.parse(readFileSync(join(folder, "files", "infra.json"), "utf8")));
  expect(stacks.production?.notes.join("\n")).toContain("70% CPU");
  expect(Object.keys(stacks)).toEqual(["production", "staging", "chatwoot", "github", "workflows"]);
});

test("has a preview's stack and file while its number is given, by variable or by context", async () => {
  await main("preview", { PREVIEW_NUMBER: "7" });
  expect(existsSync(join(stage.folder, "preview", "stacks", "preview-7", ".terraform.lock.hcl"))).toBe(true);
  expect(existsSync(join(stage.folder, "preview", "files", "fly.preview-7.toml"))).toBe(true);
  await main("preview", { CDKTF_CONTEXT_JSON: JSON.stringify({ preview: 8 }) });
  expect(existsSync(join(stage.folder, "preview", "stacks", "preview-8"))).toBe(true);
  expect(existsSync(join(stage.folder, "preview", "files", "fly.preview-7.toml"))).toBe(false);
});

test("prints a user's mistake without a stack trace, and fails", async () => {
  const { code, text } = await main("bad", { PREVIEW_NUMBER: "seven" });
  expect(code).toBe(1);
  expect(text).toBe(
    `1 problem in the environment:\n  [config/preview-number] PREVIEW_NUMBER: "seven" is not the number of a pull request; write it bare, such as PREVIEW_NUMBER=42\n`,
  );
});
