/** Programs in a folder of this checkout, so that what is written there finds what it imports. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** An empty folder two levels below the root; git ignores it. Remove it afterwards. */
export function openFolder(): string {
  const parent = join(__dirname, "..", "..", "..", ".infra");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "adopt-"));
}

/** Makes the folder a project whose program calls these functions of files beside it, each by its name and its file's. */
export function writeProgram(folder: string, calls: Readonly<Record<string, string>>): void {
  const lines = [
    `import { program } from "../../index";`,
    ...Object.entries(calls).map(([name, file]) => `import { ${name} } from "./${file}";`),
    `program((app) => { ${Object.keys(calls)
      .map((name) => `${name}(app);`)
      .join(" ")} });`,
  ];
  writeFileSync(join(folder, "main.ts"), lines.join("\n"));
  const app = `"${process.execPath}" --import "${pathToFileURL(require.resolve("tsx")).href}" main.ts`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app }));
}
