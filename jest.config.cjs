const transform = { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] };
const guesses = "<rootDir>/test/same-guesses.cjs";
const common = {
  testEnvironment: "node",
  setupFiles: [guesses],
  transform,
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/cdktf.out/"],
  modulePathIgnorePatterns: ["/dist/", "/cdktf.out/"],
};
/** One project per kind of test (docs in CONTRIBUTING.md): "unit" stands beside its file, the others live under test/. */
const folder = (name) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...(name === "commands" && { setupFiles: [guesses, "<rootDir>/test/commands/support/unlimited.ts"] }),
});
module.exports = {
  // A limit for what hangs; a slow machine is no mistake.
  testTimeout: 120000,
  // Most of the time goes to processes that a test waits for; the default leaves one of two cores idle.
  maxWorkers: 2,
  testSequencer: "<rootDir>/test/sequencer.cjs",
  reporters: ["default", "<rootDir>/test/summary-reporter.cjs"],
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/**/*.test.ts"],
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, "<rootDir>/test/"],
    },
    ...[
      "synth",
      "protocol",
      "lifecycle",
      "commands",
      "clients",
      "github",
      "github-commands",
      "house",
      "managed",
      "repository-file",
      "workflows",
    ].map(folder),
  ],
};
