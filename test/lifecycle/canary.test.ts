/** The token and the values of secrets go from their source to Fly and are found nowhere else, failures included. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../../sandbox/fault";
import { defaultSeed } from "../../sandbox/seed";
import { alignments, canWatch, filesIn, placesOf, type Residue, spellings, watchArguments } from "./residue";
import { type Configuration, openWorkshop, ref, type Workshop } from "./workshop";

/** Never twice the same, with characters that JSON, URLs and the two alphabets of base64 spell differently. */
const canary = (name: string) => `canary-${name}?"~>${randomBytes(12).toString("base64")}`;
const values = {
  env: canary("env"),
  file: canary("file"),
  command: canary("command"),
  rotated: canary("rotated"),
  outside: canary("outside"),
  failing: canary("failing"),
};
const token = `fo1_${randomBytes(24).toString("base64url")}`;
/** What is no secret and goes everywhere: the search has to find it. */
const control = "control-Kq8?~>/everywhere";

const root = mkdtempSync(join(tmpdir(), "canary-"));
const stateFile = join(root, "sandbox.json");
const source = (name: string, value: string) => writeFileSync(join(root, name), `${value}\n`);

function configuration(command = ["cat", join(root, "command")]): Configuration {
  const app = ref("fly_app.shop.name");
  const sources = {
    FROM_ENV: { env: ["CANARY_UNSET", "CANARY"] },
    FROM_FILE: { file: join(root, "file") },
    FROM_COMMAND: { command },
  };
  const web = {
    app,
    group: "web",
    image: "nginx",
    machines: { lhr: { count: 1 } },
    metadata: {
      control: ref("var.control"),
      after_0: ref("base64encode(var.control)"),
      after_1: ref('base64encode(format("-%s", var.control))'),
      after_2: ref('base64encode(format("--%s", var.control))'),
    },
    secrets_version: ref("fly_secrets.all.version"),
  };
  return {
    variable: { control: { type: "string" } },
    resource: {
      fly_app: { shop: { name: "shop" } },
      fly_secrets: { all: { app, sources } },
      fly_process_group: { web },
    },
  };
}

/** Refusals that repeat what was sent, as it was and packed. */
const repeated = [values.rotated, values.file, token].flatMap((value) => [
  value,
  ...["", "-", "--"].map((before) => Buffer.from(`${before}${value}--`).toString("base64")),
]);
const refusals = [
  { status: 400, body: { error: `invalid_argument: ${repeated.join(" ")}` } },
  { status: 401, body: { message: `bad token ${repeated.join(" ")}` } },
  { status: 422, body: `<p>${repeated.join(" ")}</p>` },
  { status: 403, body: { status: repeated[0], error: repeated.slice(1).join(" ") } },
  { cut: "after" },
] satisfies Fault["effect"][];

let residue: Residue;

beforeAll(async () => {
  const ours = { token, kind: "org-deploy", org: "hotdash" } as const;
  const workshop = await openWorkshop({ seed: { ...defaultSeed, tokens: [...defaultSeed.tokens, ours] }, stateFile });
  try {
    residue = await live(workshop);
  } finally {
    await workshop.close();
    rmSync(root, { recursive: true });
  }
}, 180_000);

test("a search finds what is no secret in every place, packed ones too", () => {
  const places = ["output", "journal", "sandbox", "sandbox file", "terraform.log", "state 2", "create.plan/tfplan"];
  expect(placesOf(spellings(control), residue)).toEqual(expect.arrayContaining(places));
});

test.each([0, 1, 2])("a search finds it in base64 after %i bytes", (before) => {
  const places = ["sandbox", "sandbox file", "state 2", "create.plan/tfplan"];
  expect(placesOf([alignments(control)[before] ?? ""], residue)).toEqual(expect.arrayContaining(places));
});

(canWatch ? test : test.skip)("a search finds it in the arguments of processes (needs /proc)", () => {
  expect(placesOf([control], residue)).toContain("arguments");
});

test("Terraform's log tells everything but values: the names of secrets are in it", () => {
  const log = residue.get("terraform.log") ?? "";
  for (const text of ["[TRACE]", "ApplyResourceChange", "FROM_ENV", "FROM_FILE", "FROM_COMMAND"])
    expect(log).toContain(text);
});

test.each(Object.entries({ ...values, token }))("the value %s is nowhere", (_name, value) => {
  expect(placesOf(spellings(value), residue)).toEqual([]);
});

/** A whole life with drift and failures, and everything that it leaves. */
async function live(workshop: Workshop): Promise<Map<string, string>> {
  const { sandbox, env, folder, url } = workshop;
  const left = new Map<string, string>();
  const processes = canWatch ? watchArguments() : undefined;
  const said: string[] = [];
  const run = async (...args: readonly string[]) => {
    const { code, text } = await workshop.terraform(...args);
    said.push(text);
    const state = join(folder, "terraform.tfstate");
    if (existsSync(state)) left.set(`state ${said.length}`, readFileSync(state, "latin1"));
    return code;
  };
  const given = ["-input=false", "-var", `control=${control}`];
  const plan = (file: string) => run("plan", "-detailed-exitcode", `-out=${file}`, ...given);
  const apply = (...more: readonly string[]) => run("apply", "-auto-approve", ...given, ...more);

  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  Object.assign(env, { FLY_API_TOKEN: token, CANARY: values.env, TMPDIR: temporary });
  Object.assign(env, { TF_LOG: "TRACE", TF_LOG_PATH: join(folder, "terraform.log") });
  source("file", values.file);
  source("command", values.command);
  workshop.write(configuration());
  expect(await plan("create.plan")).toBe(2);
  expect(await run("apply", "create.plan")).toBe(0);
  expect(await plan("none.plan")).toBe(0);

  env.CANARY = values.rotated;
  await workshop.call("POST", "/v1/apps/shop/secrets", {
    values: { FROM_FILE: values.outside, EXTRA: values.outside },
  });
  expect(await plan("drift.plan")).toBe(2);
  for (const effect of refusals) {
    sandbox.control.setFaults([{ match: { method: "POST", path: "/secrets$" }, effect }]);
    expect(await apply()).toBe(1);
  }
  sandbox.control.setFaults([]);
  source("command", values.failing);
  await workshop.call("DELETE", "/v1/apps/shop/secrets/FROM_COMMAND");
  workshop.write(configuration(["sh", "-c", `cat ${root}/command; cat ${root}/command >&2; exit 3`]));
  expect(await apply()).toBe(1);
  expect(said.at(-1)).toContain("[fly/secret-source-missing]");
  workshop.write(configuration());
  expect(await apply()).toBe(0);
  expect(await plan("none-again.plan")).toBe(0);
  await run("show", "-json");
  await run("show", "-json", "drift.plan");
  left.set("sandbox", await (await fetch(`${url}/_sandbox/state`)).text());
  left.set("sandbox file", readFileSync(stateFile, "utf8"));
  expect(await apply("-destroy")).toBe(0);

  left.set("output", said.join("\n"));
  left.set("journal", JSON.stringify(sandbox.control.journal()));
  if (processes) left.set("arguments", processes.stop());
  return new Map([...left, ...filesIn(folder)]);
}
