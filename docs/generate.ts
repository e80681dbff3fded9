/** Writes the generated parts of the documentation: `npm run generate`. A house test says when they are not current. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commands } from "../cli/commands";
import { commandTable } from "../cli/help";
import { referencePage } from "../provider/framework/reference";
import { dataSources, resources } from "../provider/resources";

const root = join(__dirname, "..");
const begin = "<!-- generated: commands -->";
const end = "<!-- end -->";

/** Every generated file with the text it should have, by its path from the root. */
export function generated(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const one of resources) pages.set(`docs/reference/${one.type}.md`, referencePage(one));
  for (const one of dataSources) pages.set(`docs/reference/data-${one.type}.md`, referencePage(one));
  pages.set("README.md", withCommands(readFileSync(join(root, "README.md"), "utf8")));
  return pages;
}

/** The README with its table of commands as they are now. */
function withCommands(readme: string): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no "${begin}" … "${end}" around its commands`);
  return `${readme.slice(0, from + begin.length)}\n${commandTable(commands)}\n${readme.slice(to)}`;
}

if (require.main === module) {
  for (const [path, text] of generated()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
