import fc from "fast-check";
import { markKeys } from "../../provider/resources/process-group/mark";
import { anyGroup, type Given } from "./any-group";
import { createStage, Refused, type Stage } from "./stage";

const type = "fly_process_group";

/** One configuration against a Fly of its own; false when the schema refuses it. */
async function emptyAfterApply(group: Given): Promise<boolean> {
  const stage = createStage({ limits: "off" });
  await stage.fly.apps.create({ name: "shop", org_slug: "hotdash", idempotency_key: "k" });
  for (const value of ["a", "b"]) await stage.fly.secrets.set("shop", { KEY: value });
  try {
    await stage.validate(type, group);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
  const made = await stage.apply(type, group);
  const fresh = await stage.refresh(type, made);
  if (!fresh) throw new Error("gone after the apply");
  const plan = await stage.plan(type, group, fresh);
  expect({ action: plan.action, changed: plan.changed, fresh: fresh.values }).toEqual({
    action: "none",
    changed: [],
    fresh: made.values,
  });
  await expectEmptyImport(stage, group);
  for (const { id } of await stage.fly.machines.list("shop"))
    await stage.fly.machines.setMetadata("shop", id, unmarked);
  if (!group.auto_destroy) await expectEmptyImport(stage, { ...group, secrets_version: undefined });
  stage.sandbox.close();
  return true;
}

/** What only this program writes: without it machines are those of others, which are not taken over if they destroy themselves. */
const unmarked = Object.fromEntries(Object.values(markKeys).map((key) => [key, null]));

async function expectEmptyImport(stage: Stage, group: Given): Promise<void> {
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
