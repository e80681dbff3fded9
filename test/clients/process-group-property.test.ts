import fc from "fast-check";
import { markKeys } from "../../provider/resources/process-group/mark";
import { anyGroup, type Given } from "./any-group";
import { createStage, Refused } from "./stage";

const type = "fly_process_group";

const stage = createStage({ limits: "off" });
afterAll(() => stage.sandbox.close());

/** One configuration against an empty Fly; false when the schema refuses it. */
async function emptyAfterApply(group: Given): Promise<boolean> {
  try {
    await stage.validate(type, group);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
  stage.sandbox.control.reset();
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  for (const value of ["a", "b"]) await stage.fly.secrets.set("shop", { KEY: value });
  const made = await stage.apply(type, group);
  const fresh = await stage.refresh(type, made);
  if (!fresh) throw new Error("gone after the apply");
  const plan = await stage.plan(type, group, fresh);
  expect({ action: plan.action, changed: plan.changed, fresh: fresh.values }).toEqual({
    action: "none",
    changed: [],
    fresh: made.values,
  });
  await expectEmptyImport(group);
  for (const { id } of await stage.fly.machines.list("shop"))
    await stage.fly.machines.setMetadata("shop", id, unmarked);
  if (!group.auto_destroy) await expectEmptyImport({ ...group, secrets_version: undefined });
  return true;
}

/** What only this program writes: without it machines are those of others, which are not taken over if they destroy themselves. */
const unmarked = Object.fromEntries(Object.values(markKeys).map((key) => [key, null]));

async function expectEmptyImport(group: Given): Promise<void> {
  const imported = await stage.import(type, `shop/${String(group.group)}`);
  if (imported) expect((await stage.plan(type, group, imported)).changed).toEqual([]);
  else expect(await stage.fly.machines.list("shop")).toEqual([]);
}

const runs = Number(process.env.PROPERTY_RUNS ?? 1000);

test(`${runs} configurations that the schema accepts give an empty plan after their apply, and after an import with our metadata or without`, async () => {
  await fc.assert(
    fc.asyncProperty(anyGroup, async (group) => fc.pre(await emptyAfterApply(group))),
    { numRuns: runs, maxSkipsPerRun: 10 },
  );
}, 600_000);
