/**
 * The arrows between the rooms (ARCHITECTURE.md). Each rule says why it is there; `npm run arrows` enforces it.
 */
const from = (path, extra = {}) => ({ path, pathNot: "\\.(test|test-d)\\.ts$", ...extra });
const only = (name, comment, room, allowed) => ({
  name,
  comment,
  severity: "error",
  from: from(`^${room}/`),
  to: {
    path: "^(main\\.ts|index\\.ts|config|stacks|constructs|synth|provider|api|ops|cli|report|sandbox|demo|bench|test)(/|$)",
    pathNot: [room, ...allowed].map((one) => `^${one}(/|$|\\.ts$)`),
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "A circle has no first file to load. Types may point back: they are gone when the program runs.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphan-dependency",
      comment: "Every import is declared in package.json.",
      severity: "error",
      from: from("^[a-z]"),
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    only("config-is-data", "Configuration is plain data; it may read the facts about Fly.", "config", [
      "provider/facts",
    ]),
    only(
      "constructs-are-pure",
      "Constructs reach the provider only through its L1 factory and resource schemas.",
      "constructs",
      ["config", "provider/framework", "provider/resources", "provider/facts"],
    ),
    only("stacks-compose", "A stack composes constructs from the configuration.", "stacks", ["config", "constructs"]),
    only("synth-packages", "Synth leaves the provider package beside each stack.", "synth", [
      "config",
      "constructs/stack",
      "provider/facts",
    ]),
    only("plugin-knows-no-fly", "The protocol room can serve any provider.", "provider/plugin", []),
    only("framework-knows-no-fly", "The framework stands on the protocol alone.", "provider/framework", [
      "provider/plugin",
    ]),
    only("facts-are-data", "Facts about Fly import nothing.", "provider/facts", []),
    only("resources-arrows", "Resources stand on the framework, the rollout and the client.", "provider/resources", [
      "provider/framework",
      "provider/rollout",
      "provider/facts",
      "api",
    ]),
    only("rollout-arrows", "The rollout is used by apply and by rollback alike.", "provider/rollout", [
      "provider/facts",
      "api",
    ]),
    only("api-is-a-door", "The clients know the platforms and nothing of ours.", "api", []),
    only(
      "sandbox-is-a-witness",
      "An emulator that shares types with the client repeats the client's mistakes.",
      "sandbox",
      [],
    ),
    only("report-is-a-model", "A report is data and its faces.", "report", []),
    only("ops-arrows", "Operations use the clients, the configuration and terraform as a process.", "ops", [
      "api",
      "config",
      // An adoption is the inverse of a construct, and is tried by the plain data that the construct itself makes.
      "constructs/fly/group-props",
      "constructs/github/governance",
      "report",
      "synth",
      "provider",
    ]),
    only("cli-arrows", "A command turns arguments into a call of ops and its report into text.", "cli", [
      "ops",
      "report",
      "config",
      "api",
    ]),
    {
      name: "cdktf-in-few-rooms",
      comment: "CDKTF was archived in December 2025: the engine must be replaceable in one place.",
      severity: "error",
      from: from("^(config|provider|api|ops|cli|report|sandbox|demo)/", {
        pathNot: "(^provider/framework/l1|\\.(test|test-d)\\.ts$)",
      }),
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "provider-never-loads-cdktf",
      comment: "The provider's start-up is a budget (bench/).",
      severity: "error",
      from: { path: "^provider/main\\.ts$" },
      to: { path: "node_modules/(cdktf|constructs)/", reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|cdktf\\.out|\\.infra)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["require", "node", "default"] },
  },
};
