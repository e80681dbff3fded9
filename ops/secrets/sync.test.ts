import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMemory } from "./memory";
import type { SecretPlace } from "./place";
import { carryOut, planSync } from "./sync";

const directory = mkdtempSync(join(tmpdir(), "sync-"));
afterAll(() => rmSync(directory, { recursive: true }));

const place: SecretPlace = {
  id: "github/acme/shop",
  name: "GitHub acme/shop",
  stack: "github",
  environment: undefined,
  target: { kind: "github", owner: "acme", repository: "shop", exists: true },
  declared: ["A", "B", "C"],
  live: [],
  marks: new Map(),
  rotationDays: 90,
  prefixes: ["REPOSITORY_"],
  sourceOf: (name) => ({ env: [name] }),
  set: (name) => name,
  remove: (name) => name,
};
const sources = {
  variables: [],
  valueOf: async ({ env = [] }: { readonly env?: readonly string[] }) => ({ value: `canary-${env[0]}`, from: "here" }),
};

/** A GitHub that takes secrets until `stop` throws, and what it has taken. */
function github(stop: (name: string) => void) {
  const taken: string[] = [];
  const client = {
    setSecret: async (name: string) => {
      stop(name);
      taken.push(name);
    },
    secrets: async () => taken.map((name) => ({ name, created_at: "", updated_at: `time of ${name}` })),
  };
  return { taken, open: () => ({ repository: () => client }) };
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
const noFly = () => {
  throw new Error("no app is among the places");
};

test("what was written before a refusal is told and remembered, and the next plan leaves it out", async () => {
  const memory = openMemory(directory);
  const plan = await planSync([place], sources, memory);
  const refusal = new Error("full");
  const { taken, open } = github((name) => {
    if (name === "B") throw refusal;
  });
  const { signal } = new AbortController();
  const done = await carryOut(plan, memory, { fly: noFly, github: open, signal });
  expect({ taken, written: names(done.written), left: names(done.left), error: done.error }).toEqual({
    taken: ["A"],
    written: ["A"],
    left: ["B", "C"],
    error: refusal,
  });
  const later = { ...place, marks: new Map([["A", "time of A"]]) };
  const { items } = await planSync([later], sources, openMemory(directory));
  expect(items.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(["A in step", "B missing", "C missing"]);
});

test("who asks to stop is told what is left, and nothing more is written", async () => {
  const memory = openMemory(directory);
  const stop = new AbortController();
  const { taken, open } = github((name) => {
    if (name === "B") stop.abort();
  });
  const plan = await planSync([place], sources, memory);
  const done = await carryOut(plan, memory, { fly: noFly, github: open, signal: stop.signal });
  expect({ taken, left: names(done.left), error: done.error }).toEqual({
    taken: ["A", "B"],
    left: ["C"],
    error: undefined,
  });
});
