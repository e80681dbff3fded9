/** A secret value goes from its source to Fly and is found nowhere else, failures included. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { openWorkshop, ref, type Workshop } from "./workshop";

const canaries = ["canary-Zq7/first+value", "canary-Zq7/second+value"];

/** The value as it stands, as JSON, and as it looks inside base64, whatever stands before it. */
function spellings(secret: string): readonly string[] {
  const alignments = [0, 1, 2].map((before) => {
    const text = Buffer.from(`${"x".repeat(before)}${secret}`).toString("base64");
    // Characters at the ends also encode what stands beside the value.
    return text.slice(before === 0 ? 0 : 4, -4);
  });
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...alignments];
}

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  workshop.env.TF_LOG = "TRACE";
  workshop.env.TF_LOG_PATH = join(workshop.folder, "terraform.log");
});
afterAll(() => workshop.close());

const secrets = { app: ref("fly_app.it.name"), sources: { TOKEN: { env: ["CANARY"] } } };
const resource = { fly_app: { it: { name: "shop" } }, fly_secrets: { it: secrets } };

test("no value is in state, plan, log, output or journal, also when Fly repeats it in a refusal", async () => {
  const said: string[] = [];
  const run = async (...args: readonly string[]) => {
    const { text } = await workshop.terraform(...args);
    said.push(text);
    return text;
  };
  const [first = "", second = ""] = canaries;
  workshop.write({ resource });
  workshop.env.CANARY = first;
  await run("plan", "-out=first");
  expect(await run("apply", "first")).toContain("Apply complete");
  workshop.env.CANARY = second;
  await run("plan", "-out=second");
  const echo = { error: `invalid value ${second}` };
  workshop.sandbox.control.setFaults([
    { match: { method: "POST", path: "/secrets$" }, times: 1, effect: { status: 400, body: echo } },
  ]);
  expect(await run("apply", "-auto-approve")).toContain("[fly/refused]");
  expect(await run("apply", "-auto-approve")).toContain("Apply complete");

  const found = [...files(workshop.folder), ...said, JSON.stringify(workshop.sandbox.control.journal())];
  expect(found.join("\n")).toContain("TOKEN");
  const traces = canaries.flatMap(spellings).filter((form) => found.some((text) => text.includes(form)));
  expect(traces).toEqual([]);
});

/** Every file as text; what is packed in a plan is unpacked. */
function files(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "plugins") return [];
    if (statSync(path).isDirectory()) return files(path);
    const bytes = readFileSync(path);
    return bytes.subarray(0, 2).toString() === "PK" ? unpacked(bytes) : [bytes.toString("latin1")];
  });
}

/** The files of a zip archive, by its local headers. */
function unpacked(bytes: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = bytes.indexOf("PK\x03\x04"); at >= 0; at = bytes.indexOf("PK\x03\x04", at + 4)) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const method = bytes.readUInt16LE(at + 8);
    texts.push(
      method === 8
        ? inflateRawSync(bytes.subarray(start), { finishFlush: 2 }).toString("latin1")
        : bytes.subarray(start).toString("latin1"),
    );
  }
  return texts;
}
