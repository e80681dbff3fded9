/** A live app in the words of a program: in this process, on the provider's own plan. */
import fc from "fast-check";
import { type AdoptedApp, adoptApp } from "../../ops/adopt/adopt-app";
import { anyApp, makeApp, normal } from "./any-app";
import { createStage, type Stage } from "./stage";

const now = () => Date.parse("2026-11-21T12:00:00Z");

async function adopted(stage: Stage): Promise<AdoptedApp> {
  const found = await adoptApp(stage.fly, "shop", { stack: "shop", now });
  if (!found) throw new Error("there is no app");
  return found;
}

const runs = Number(process.env.PROPERTY_RUNS ?? 40);

test(`${runs} apps that FlyApp takes are adopted as the same app, with nothing beside it and nothing left out`, async () => {
  await fc.assert(
    fc.asyncProperty(anyApp, async (shape) => {
      const stage = createStage({ limits: "off", stack: "shop" });
      await makeApp(stage, shape);
      const { shape: found, overrides, unsaid } = await adopted(stage);
      expect({ overrides, unsaid }).toEqual({ overrides: [], unsaid: [] });
      expect(normal(found)).toEqual(normal(shape));
      stage.sandbox.close();
    }),
    { numRuns: runs },
  );
}, 600_000);
