import { commands } from "../../cli/commands";
import { awaited, existing } from "../../constructs/workflows/command";
import { textOf, trackedFiles } from "./tree";

/** A command as a person would type it: `infra plan`, `infra sandbox start`; the package hotdash-infra is none. */
const mention = /(?<!-)\binfra ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g;

const names = new Set(commands.map(({ name }) => name));
const groups = new Set([...names].filter((name) => name.includes(" ")).map((name) => name.split(" ")[0] as string));

const unknownIn = (text: string): string[] =>
  [...text.matchAll(mention)]
    .filter(([, first = "", second]) => !names.has(groups.has(first) ? `${first} ${second}` : first))
    .map(([whole]) => whole);

const isSource = (path: string): boolean => path.endsWith(".ts") && !/\.test(-d)?\.ts$|^test\//.test(path);
const isPage = (path: string): boolean => path === "README.md" || /^docs\/.*\.md$/.test(path);

/** Workflows name commands of later versions too; those files end in an error where one is run (constructs/workflows/command.ts). */
const isWorkflow = (path: string): boolean => path.startsWith("constructs/workflows/");

test("every `infra …` that a source or a page names is a command", () => {
  const read = trackedFiles().filter((path) => (isSource(path) || isPage(path)) && !isWorkflow(path));
  expect(read.flatMap((path) => unknownIn(textOf(path)).map((one) => `${path}: ${one}`))).toEqual([]);
});

test("workflows know which commands exist and which are still awaited", () => {
  expect(existing.filter((one) => !names.has(one) && !groups.has(one))).toEqual([]);
  expect(awaited.filter((one) => names.has(one) || groups.has(one))).toEqual([]);
});

test("a command that does not exist is found, also in a group", () => {
  const text = 'npx infra restart shop; "$(infra sandbox up)"; infra sandbox start; infra plan staging';
  expect(unknownIn(text)).toEqual(["infra restart shop", "infra sandbox up"]);
});

test.each(commands.map(({ name, examples }) => ({ name, examples })))(
  "the examples of `infra $name` are of that command",
  ({ name, examples }) => {
    expect(examples.filter((one) => one !== name && !one.startsWith(`${name} `))).toEqual([]);
  },
);
