import { textOf } from "./tree";

/** Texts of the fenced blocks of the README in a language. */
const blocks = (language: string): string[] =>
  [...textOf("README.md").matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] as string,
  );

describe("README.md", () => {
  test("shows lines that stand in config/staging.ts as they are shown", () => {
    const shown =
      blocks("ts")[0]
        ?.split("\n")
        .filter((line) => line !== "" && !line.startsWith("//")) ?? [];
    expect(shown.length).toBeGreaterThan(5);
    expect(textOf("config/staging.ts")).toContain(shown.join("\n"));
  });

  test("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...textOf("README.md").matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] as string);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("names only folders that exist", () => {
    const map = /## The map\n\n([\s\S]*?)\n\n/.exec(textOf("README.md"))?.[1] ?? "";
    const rooms = [...map.matchAll(/`([a-z]+)\/`/g)].map((match) => match[1] as string);
    expect(rooms.length).toBeGreaterThan(10);
    expect(rooms.filter((room) => !textOf("ARCHITECTURE.md").includes(`\`${room}/\``))).toEqual([]);
  });
});
