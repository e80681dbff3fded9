/** The monthly cost of synthesized stacks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { priceList } from "../../provider/facts/price";
import type { Stack } from "../project";
import { type Estimate, estimate } from "./estimate";

interface StackCost extends Estimate {
  readonly stack: string;
  readonly apps: readonly string[];
}

const stackJson = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

/** What each stack costs as declared; stacks without anything on Fly are left out. */
export function declaredCost(stacks: readonly Stack[]): readonly StackCost[] {
  return stacks.flatMap(({ name, directory }) => {
    const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
    const apps = Object.values(resource.fly_app ?? {}).map((app) => z.object({ name: z.string() }).parse(app).name);
    if (apps.length === 0) return [];
    const priced = Object.entries(resource).flatMap(([type, named]) =>
      Object.values(named).map((values) => ({ type, values })),
    );
    return [{ stack: name, apps, ...estimate(priced) }];
  });
}

/** Where the prices come from, and of which day they are. */
export const priceSource = { validFrom: priceList.validFrom, source: priceList.source } as const;
