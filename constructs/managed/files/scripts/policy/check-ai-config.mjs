#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { parseYaml, policy, start, Trouble } from "./policy.mjs";

const usage = `Usage: node scripts/policy/check-ai-config.mjs

AI Config Validation: a person approves whatever an agent does. Judged are the files of aiConfig.files in scripts/policy/policy.json, JSON or
YAML (.yml, .yaml). An entry is an object in a list, or in a map by name, called "agents" or "tools", at any depth.
  - An entry acts, unless it says   read_only: true
  - An entry that acts is approved by a person: itself, or the entry that it stands in, says one of
      human_review: true    human_in_the_loop: true    approval: required
  - None of these three says anything else in an entry that acts, not even below an entry that is approved.
  - "reviewers", where an entry names them, is a list with at least one.
  - A file holds at least one entry.
Exit codes: 0 every file passes, or none is configured; 1 some do not; 2 a file cannot be read.`;

const approving = { human_review: true, human_in_the_loop: true, approval: "required" };

await start(usage, () => {
  const { files } = policy.aiConfig;
  if (files.length === 0) {
    console.log("AI Config Validation: nothing to validate: aiConfig.files is empty.");
    return 0;
  }
  const problems = files.flatMap((file) => problemsOf(file).map((problem) => `  ${file}: ${problem}`));
  if (problems.length === 0) {
    console.log(`AI Config Validation: a person approves what each agent does (${files.join(", ")}).`);
    return 0;
  }
  console.error(`AI Config Validation: ${problems.length} problems`);
  for (const problem of problems) console.error(problem);
  console.error("The rules: node scripts/policy/check-ai-config.mjs --help");
  return 1;
});

function problemsOf(file) {
  if (!existsSync(file)) return ["is configured and does not exist"];
  const entries = entriesIn(parse(file, readFileSync(file, "utf8")), [], false);
  if (entries.length === 0) return ['holds no entry under "agents" or "tools"'];
  return entries.flatMap(entryProblems);
}

function parse(file, text) {
  if (/\.ya?ml$/.test(file)) return parseYaml(text, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Trouble(`${file} is not JSON: ${error.message}`);
  }
}

/** Every entry at or below a value, with where it stands and whether an entry around it is approved. */
function entriesIn(value, where, approved) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const isGroup = (key === "agents" || key === "tools") && typeof inner === "object" && inner !== null;
    if (!isGroup) return entriesIn(inner, [...where, key], approved);
    return Object.entries(inner).flatMap(([name, entry]) => {
      const path = [...where, key, entry?.id ?? entry?.name ?? name];
      const own = { where: path.join("."), entry, approved: approved || isApproved(entry) };
      return [own, ...entriesIn(entry, path, own.approved)];
    });
  });
}

function isApproved(entry) {
  return Object.entries(approving).some(([key, word]) => entry?.[key] === word);
}

function entryProblems({ where, entry, approved }) {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    return [`${where} is no object, so that it cannot say who approves it`];
  if (entry.read_only === true) return [];
  const denied = Object.entries(approving).filter(([key, word]) => key in entry && entry[key] !== word);
  const noReviewer = "reviewers" in entry && !(Array.isArray(entry.reviewers) && entry.reviewers.length > 0);
  return [
    ...denied.map(
      ([key, word]) => `${where} acts and has ${key} ${JSON.stringify(entry[key])}; write ${JSON.stringify(word)}`,
    ),
    ...(approved || denied.length > 0 ? [] : [`${where} acts without a person's approval; add human_review: true`]),
    ...(noReviewer ? [`${where} names no reviewer; list at least one under reviewers`] : []),
  ];
}
