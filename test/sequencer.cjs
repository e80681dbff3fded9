const { statSync } = require("node:fs");

/** Files that take longest, the longest first: one that comes last runs alone while the other core waits. A name that is wrong costs time only. */
const slow = [
  "commands/preview",
  "github/protection",
  "commands/bootstrap",
  "github/drift",
  "clients/process-group-property",
  "commands/demo",
  "clients/fly-toml-deploy",
  "clients/flyctl-drift",
  "lifecycle/cut-connection",
  "clients/flyctl-deploy",
  "clients/process-group-resume",
  "synth/second-organization",
  "github-commands/provider",
  "lifecycle/canary",
  "workflows/migration-test",
  "commands/hotdash",
  "lifecycle/bad-input",
  "lifecycle/process-group",
];

/** Slow files first, then those that start processes, the large before the small; the many of a few milliseconds fill up the end. */
module.exports = class Sequencer {
  sort(tests) {
    const weights = new Map(tests.map((test) => [test, weight(test)]));
    return [...tests].sort((a, b) => weights.get(b) - weights.get(a));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};

function weight({ path, context }) {
  const place = slow.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  if (place >= 0) return 1e12 - place;
  const isUnit = context.config.displayName?.name === "unit";
  return statSync(path).size + (isUnit ? 0 : 1e9);
}
