import { Failure } from "../../../ops/failure";
import type { SecretPlace } from "../../../ops/secrets/place";
import { defineCommand, shared } from "../../define-command";
import type { Io } from "../../io";
import { environmentOption, wordFor } from "./places";

export const secretsSet = defineCommand({
  name: "secrets set",
  summary:
    "Write one secret, from standard input or from its source, wherever an environment declares it: Fly and GitHub.",
  details:
    "A value is never an argument, so that it stays out of the history and of process lists. A newline at its end is dropped. Machines take the new value when they are updated; an apply reads it from the declared source, so put it there too.",
  positionals: { name: { doc: "The secret, by its name: DATABASE_URL." } },
  options: {
    stack: shared.stack,
    environment: environmentOption,
    source: { type: "boolean", doc: "Take the value from where each place declares it, not from standard input." },
    dotenv: {
      type: "strings",
      doc: "With --source: a file of NAME=value lines; mode 0600, not in git.",
      placeholder: "file",
    },
    confirm: { type: "string", doc: "The name of production's app, in place of typing it.", placeholder: "app" },
    dryRun: { type: "boolean", doc: "Tell where it would go, and write nothing." },
    json: shared.json,
  },
  exitCodes: {
    0: "written",
    1: "an error; what was written and what was not is said",
    2: "not everywhere, or --dry-run",
  },
  examples: [
    "secrets set DATABASE_URL --environment staging < value",
    "secrets set ZOHO_SMTP_PASSWORD --environment repository --source",
  ],
  async run({ name, stack, environment, source, dotenv, confirm, dryRun, json }, tools, io) {
    const { isSecretName }: typeof import("../../../config/secret-name") = require("../../../config/secret-name");
    const { readPlaces, within }: typeof import("./places") = require("./places");
    const { openSources, write }: typeof import("./writing") = require("./writing");
    const { isAbsent }: typeof import("../../../ops/secrets/place") = require("../../../ops/secrets/place");
    const { isDeclared }: typeof import("../../../ops/secrets/verify") = require("../../../ops/secrets/verify");
    const { openMemory }: typeof import("../../../ops/secrets/memory") = require("../../../ops/secrets/memory");
    const { planSet, planSync }: typeof import("../../../ops/secrets/sync") = require("../../../ops/secrets/sync");
    if (!isSecretName(name)) {
      throw new Failure(
        "What was given is not the name of a secret (capitals, digits, underscores); it is not shown, in case it is a value. Nothing was written. If it is one, it stands in the history of this shell now: make a new one. Then: npx infra secrets set NAME --environment staging < FILE [secrets/name]",
      );
    }
    const { all, places } = await readPlaces(stack, tools, io);
    const chosen = within(places, environment).filter((place) => isDeclared(name, place.declared));
    if (chosen.length === 0) throw new Failure(nowhere(name, places));
    if (!source) refuseSpread(name, chosen, environment);
    const absent = chosen.filter(isAbsent);
    const there = chosen.filter((place) => !isAbsent(place));
    const sources = await openSources(all, dotenv, tools);
    const memory = openMemory(tools.directory);
    const plan = source
      ? await planSync(there, sources, memory, name)
      : await planSet(there, name, dryRun ? { value: "", from: "standard input" } : await given(io), memory);
    return write({ command: "secrets set", plan, all, sources, memory, absent, confirm, dryRun, json }, tools, io);
  },
});

/** @throws Failure when one value would go to several environments, unless each was named and production is alone */
function refuseSpread(name: string, chosen: readonly SecretPlace[], named: readonly string[]): void {
  const environments = [...new Set(chosen.map(wordFor))];
  const isFine = environments.length === 1 || (named.length > 0 && !environments.includes("production"));
  if (isFine) return;
  const list = chosen.map((place) => `  ${place.name} (--environment ${wordFor(place)})`).join("\n");
  throw new Failure(
    `${name} is declared for several environments, and one value is to stay in one:\n${list}\nNothing was written. Name one, or take each value from its source with --source. [secrets/several-environments]`,
  );
}

function nowhere(name: string, places: readonly SecretPlace[]): string {
  const { closest }: typeof import("../../../report/similar") = require("../../../report/similar");
  const meant = closest(
    name,
    places.flatMap(({ declared }) => declared),
  );
  return `${name} is declared in none of ${places.map((place) => place.name).join(", ")}${meant ? `; did you mean ${meant}?` : "."} Nothing was written. Declare it in the configuration first, so that it is looked after. [secrets/undeclared]`;
}

/** What stands on standard input. @throws Failure where nothing does */
async function given(io: Io): Promise<{ readonly value: string; readonly from: string }> {
  const text = (await io.input())?.replace(/\r?\n$/, "");
  if (text) return { value: text, from: "standard input" };
  throw new Failure(
    "No value stands on standard input. Nothing was written. Give it there, so that it stays out of history and process lists: npx infra secrets set NAME --environment staging < FILE, or take it from its source with --source. [secrets/no-value]",
  );
}
