#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { start, Trouble } from "./policy.mjs";

const usage = `Usage: node scripts/policy/check-gitleaks.mjs

No finding of gitleaks is ignored without a reason and somebody who answers for it. Both are written on one line:
  reason: <why this is no secret>; owner: @login      (or @organization/team)
  - .gitleaksignore: in a comment right above each fingerprint (one comment may stand above several, without a blank line between).
  - .gitleaks.toml: as the description of each allow list.
Comments "gitleaks:allow" in the code do not count: the scan looks past them. The default rules stay on.
Exit codes: 0 every entry says both, 1 some do not, 2 .gitleaks.toml is missing.`;

const answered = /\breason:\s*[^\s;][^;]{7,};\s*owner:\s*@[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)?/;

await start(usage, () => {
  const problems = [...ignoreProblems(".gitleaksignore"), ...configProblems(".gitleaks.toml")];
  if (problems.length === 0) {
    console.log("gitleaks: every entry of the allow lists has a reason and an owner.");
    return 0;
  }
  for (const problem of problems) console.error(problem);
  console.error(
    'Write "reason: <why this is no secret>; owner: @login" there; more: node scripts/policy/check-gitleaks.mjs --help',
  );
  return 1;
});

/** Fingerprints whose nearest comment above, within the same block of lines, does not answer. */
function ignoreProblems(file) {
  if (!existsSync(file)) return [];
  let isAnswered = false;
  return readLines(file).flatMap((line, index) => {
    if (line === "") isAnswered = false;
    else if (line.startsWith("#")) isAnswered = answered.test(line);
    else if (!isAnswered) return [`${file}:${index + 1}: ${line} is ignored without a reason and an owner`];
    return [];
  });
}

/** Allow lists whose description does not answer, and default rules that are switched off. */
function configProblems(file) {
  if (!existsSync(file))
    throw new Trouble(`${file} is missing: run npm exec --no -- infra apply workflows, or git checkout it`);
  const lines = readLines(file);
  const blocks = lines.flatMap((line, index) => (/^\[\[?.*allowlists?\]\]?$/.test(line) ? [index] : []));
  const silent = blocks.filter((index) => {
    const end = lines.findIndex((line, after) => after > index && line.startsWith("["));
    const body = lines.slice(index + 1, end === -1 ? undefined : end);
    return !body.some((line) => line.startsWith("description") && answered.test(line));
  });
  return [
    ...silent.map((index) => `${file}:${index + 1}: ${lines[index]} has no description with a reason and an owner`),
    ...(lines.some((line) => /^useDefault\s*=\s*true/.test(line))
      ? []
      : [`${file}: the default rules are off; write useDefault = true below [extend]`]),
    ...lines.flatMap((line, index) =>
      /^disabledRules\b/.test(line) ? [`${file}:${index + 1}: default rules are switched off`] : [],
    ),
  ];
}

function readLines(file) {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return lines.map((line) => line.trim());
}
