#!/usr/bin/env node
import { matcher, policy, start, trackedFiles } from "./policy.mjs";

const usage = `Usage: node scripts/policy/check-docs.mjs

Docs Policy: Markdown stands at allow-listed places only (docs/RULES.md; the list is docs.allowed in scripts/policy/policy.json).
Exit codes: 0 every Markdown file is at such a place, 1 some are not, 2 the files cannot be listed.`;

await start(usage, () => {
  const allowed = matcher(policy.docs.allowed);
  const documents = trackedFiles().filter((path) => /\.(md|mdx|markdown)$/i.test(path));
  const offending = documents.filter((path) => !allowed(path));
  if (offending.length === 0) {
    console.log(`Docs Policy: all ${documents.length} Markdown files stand where they may.`);
    return 0;
  }
  console.error(`Docs Policy: ${offending.length} of ${documents.length} Markdown files stand where none may:`);
  for (const path of offending) console.error(`  ${path}`);
  console.error(`Allowed are: ${policy.docs.allowed.join("  ")}
Move each with git mv, for example to docs/, or have the place added to docs.allowed of the infrastructure's configuration.`);
  return 1;
});
