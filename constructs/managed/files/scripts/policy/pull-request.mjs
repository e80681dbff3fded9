import { matcher } from "./policy.mjs";

/**
 * What is wrong with the text of a pull request, as sentences for its author.
 *
 * @param body the description, Markdown
 * @param files every file that it creates, changes or deletes
 * @param template text of .github/pull_request_template.md, whose checklist is the definition of done
 * @param infrastructurePaths what the word `infrastructure` stands for among the allowed paths
 */
export function bodyProblems({ body, files, template, infrastructurePaths }) {
  const text = withoutComments(body);
  return [
    ...(/\bFixes #[1-9]\d*\b/i.test(text)
      ? []
      : ["Name the issue that this closes: write `Fixes #<number>` in the description."]),
    ...pathProblems(text, files, infrastructurePaths),
    ...checklistProblems(text, withoutComments(template)),
    ...rollbackProblems(text),
  ];
}

const withoutComments = (markdown) => (markdown ?? "").replace(/<!--[\s\S]*?-->/g, "");

function pathProblems(text, files, infrastructurePaths) {
  const written = patternsOf(section(text, "Allowed paths") ?? []);
  if (written.length === 0) {
    return [
      "List under `Allowed paths` what this may touch, one pattern a line; `- infrastructure` stands for the usual set.",
    ];
  }
  const boundless = written.filter((pattern) => /^[*/]+$/.test(pattern));
  if (boundless.length > 0)
    return [`\`${boundless[0]}\` allows everything: name under \`Allowed paths\` what this touches.`];
  const allowed = matcher(
    written.flatMap((pattern) => (pattern === "infrastructure" ? infrastructurePaths : [pattern])),
  );
  return files
    .filter((file) => !allowed(file))
    .map((file) => `\`${file}\` is outside the allowed paths: take it out, or add it under \`Allowed paths\`.`);
}

/** Patterns after the label, separated by commas, and in the list below it. */
function patternsOf([label = "", ...below]) {
  const end = below.findIndex((line) => line.trim() !== "" && !/^\s*[-*] /.test(line));
  const items = below.slice(0, end === -1 ? undefined : end).map((line) => line.replace(/^\s*[-*]\s*/, ""));
  return [...label.split(","), ...items]
    .map((item) => item.replaceAll("`", "").trim())
    .filter((item) => item !== "" && !item.startsWith("["));
}

function checklistProblems(text, template) {
  const wanted = checklist(section(template, "Definition of done") ?? []);
  const found = checklist(section(text, "Definition of done") ?? []);
  const missing = wanted.filter(({ item }) => !found.some((one) => one.item === item));
  return [
    ...missing.map(
      ({ item }) => `The definition of done lacks “${item}”: copy it from .github/pull_request_template.md.`,
    ),
    ...found
      .filter(({ done }) => !done)
      .map(({ item }) => `The definition of done is not complete: “${item}” is not ticked.`),
  ];
}

const checklist = (lines) =>
  lines.flatMap((line) => {
    const [, tick, item] = /^\s*[-*] \[([ xX])\]\s+(.+?)\s*$/.exec(line) ?? [];
    return item ? [{ item, done: tick !== " " }] : [];
  });

/** Words that fill the place of a plan without being one. */
const empty = /^(tbd|todo|none|no|n\/?a|-+|\.+|later|same)?\.?$/i;

function rollbackProblems(text) {
  const plan = (section(text, "Rollback plan") ?? []).join(" ").trim();
  return empty.test(plan)
    ? ["Say under `Rollback plan` how this is undone, for example the version to go back to."]
    : [];
}

/** Lines under a heading, or after a label such as `Rollback plan: …`, up to the next heading; the first one is what follows the title. */
function section(text, title) {
  const lines = text.split(/\r?\n/);
  const opening = new RegExp(`^\\s*(?:#{1,6}\\s*${title}\\s*:?|(?:\\*\\*)?${title}(?:\\*\\*)?:(?:\\*\\*)?)(.*)$`, "i");
  const start = lines.findIndex((line) => opening.test(line));
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^\s*#{1,6}\s/.test(line));
  const below = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  return [opening.exec(lines[start])[1].trim(), ...below];
}
