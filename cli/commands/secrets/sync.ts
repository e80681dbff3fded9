import { defineCommand, shared } from "../../define-command";
import { environmentOption } from "./places";

export const secretsSync = defineCommand({
  name: "secrets sync",
  summary:
    "Bring every declared secret from its source to Fly and to GitHub; only what differs, as far as that can be known.",
  details: [
    "A value comes from an env var (STAGING_DATABASE_URL, PREVIEW_..., REPOSITORY_... for the repository's own), from what the stack declares (a file, a command), from a file of --dotenv, or from the vault folder of the configuration: vault/occ/staging/DATABASE_URL, or a line of vault/occ/staging.env.",
    "What was written from this checkout is remembered by Fly's digest, GitHub's time and 20 bits of a salted hash, so that the same value is not written twice. GitHub tells only when a secret was written: one that was not written from here is written again.",
    "A secret without a value here is left as it is. Machines take new values when they are updated.",
  ].join("\n\n"),
  positionals: { stacks: { doc: "Stacks whose secrets to bring. Left out: all.", many: true } },
  options: {
    stack: shared.stack,
    environment: environmentOption,
    dotenv: {
      type: "strings",
      doc: "A file of NAME=value lines, for this run; mode 0600, not in git.",
      placeholder: "file",
    },
    confirm: { type: "string", doc: "The name of production's app, in place of typing it.", placeholder: "app" },
    dryRun: { type: "boolean", doc: "Tell what would be written, and write nothing." },
    json: shared.json,
  },
  exitCodes: {
    0: "every place has what its sources have",
    1: "an error; what was written and what was not is said",
    2: "something is left to do: a secret is missing and has no value here, or --dry-run would write",
  },
  examples: [
    "secrets sync --dry-run",
    "secrets sync --environment staging",
    "secrets sync --dotenv .env.staging staging",
  ],
  async run({ stacks: names, stack, environment, dotenv, confirm, dryRun, json }, tools, io) {
    const { readPlaces, within }: typeof import("./places") = require("./places");
    const { openSources, write }: typeof import("./writing") = require("./writing");
    const { planSync }: typeof import("../../../ops/secrets/sync") = require("../../../ops/secrets/sync");
    const { openMemory }: typeof import("../../../ops/secrets/memory") = require("../../../ops/secrets/memory");
    const { isAbsent }: typeof import("../../../ops/secrets/place") = require("../../../ops/secrets/place");
    const { all, places: found } = await readPlaces([...names, ...stack], tools, io);
    const places = within(found, environment);
    const sources = await openSources(all, dotenv, tools);
    const memory = openMemory(tools.directory);
    const absent = places.filter(isAbsent);
    const there = places.filter((place) => !isAbsent(place));
    const plan = await planSync(there, sources, memory);
    return write({ command: "secrets sync", plan, all, sources, memory, absent, confirm, dryRun, json }, tools, io);
  },
});
