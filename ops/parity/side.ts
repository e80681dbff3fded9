/** One environment of a comparison: what is declared for it and what is there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { FlyReader, Machine } from "../../api/fly";
import { groupOf, isPassing } from "../../provider/resources/machine-kind";
import { standingRelease } from "../../provider/resources/process-group/standing-release";
import { Failure } from "../failure";
import type { Stack } from "../project";

/** Size and number of a group's machines, in words: "2 x shared-2x 2048 MB in ord". */
type Sizes = Readonly<Record<string, string>>;

export interface Side {
  /** Name of the stack. */
  readonly environment: string;
  readonly app: string;
  readonly declared: {
    readonly secrets: readonly string[];
    /** By group: size of one machine. */
    readonly guests: Sizes;
    /** By group: the least and the most machines. */
    readonly counts: Readonly<Record<string, { readonly least: number; readonly most: number }>>;
  };
  readonly live: {
    /** undefined: Fly does not know the app. */
    readonly status: string | undefined;
    readonly secrets: readonly string[];
    /** By group: the sizes that its machines have. */
    readonly guests: Readonly<Record<string, readonly string[]>>;
    readonly counts: Readonly<Record<string, number>>;
    readonly image: string | undefined;
    /** Machines with a check that does not pass, or that failed. */
    readonly unwell: readonly string[];
  };
}

const group = z.object({
  group: z.string(),
  guest: z
    .object({ cpu_kind: z.string().default("shared"), cpus: z.number().default(1), memory_mb: z.number().optional() })
    .prefault({}),
  machines: z.record(
    z.string(),
    z.object({ count: z.number().optional(), min: z.number().optional(), max: z.number().optional() }),
  ),
});

const stackJson = z.object({
  resource: z.object({
    fly_app: z.record(z.string(), z.object({ name: z.string() })).default({}),
    fly_process_group: z.record(z.string(), group).default({}),
    fly_secrets: z.record(z.string(), z.object({ sources: z.record(z.string(), z.unknown()).default({}) })).default({}),
  }),
});

/**
 * Reads an environment: its stack, and the app with four listings.
 *
 * @throws Failure when the stack declares no app, or several
 */
export async function readSide(fly: FlyReader, { name, directory }: Stack): Promise<Side> {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  const [declaredApp, ...others] = Object.values(resource.fly_app);
  if (!declaredApp || others.length > 0) {
    throw new Failure(
      `Stack ${name} does not declare exactly one Fly app, so there is nothing to compare. [infra/no-app]`,
    );
  }
  const app = declaredApp.name;
  const groups = Object.values(resource.fly_process_group);
  const found = await fly.apps.find(app);
  const [machines, secrets, releases] = found
    ? await Promise.all([fly.machines.list(app), fly.secrets.list(app), fly.releases.list(app)])
    : [[], [], []];
  const regular = machines.filter((machine) => !isPassing(machine));
  const of = ({ group: wanted }: z.infer<typeof group>) => regular.filter((machine) => groupOf(machine) === wanted);
  const byGroup = <V>(read: (one: z.infer<typeof group>) => V) =>
    Object.fromEntries(groups.map((one) => [one.group, read(one)]));
  return {
    environment: name,
    app,
    declared: {
      secrets: Object.values(resource.fly_secrets).flatMap(({ sources }) => Object.keys(sources)),
      guests: byGroup(({ guest }) => sizeOf(guest)),
      counts: byGroup(({ machines: regions }) => countsOf(Object.values(regions))),
    },
    live: {
      status: found?.status,
      secrets: secrets.map((one) => one.name),
      guests: byGroup((one) => [...new Set(of(one).map(({ config }) => sizeOf(config?.guest ?? {})))].sort()),
      counts: byGroup((one) => of(one).length),
      image: standingRelease(releases, machines, undefined)?.image_ref ?? regular[0]?.config?.image,
      unwell: regular.flatMap(complaint),
    },
  };
}

function sizeOf({
  cpu_kind: kind = "shared",
  cpus = 1,
  memory_mb: memory,
}: {
  readonly cpu_kind?: string;
  readonly cpus?: number;
  readonly memory_mb?: number;
}): string {
  return `${kind}-${cpus}x ${memory ?? (kind === "performance" ? 2048 : 256) * cpus} MB`;
}

function countsOf(regions: readonly { readonly count?: number; readonly min?: number; readonly max?: number }[]) {
  const total = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    least: total(regions.map(({ count, min }) => count ?? min ?? 1)),
    most: total(regions.map(({ count, min, max }) => count ?? max ?? min ?? 1)),
  };
}

function complaint({ name, state, checks = [] }: Machine): readonly string[] {
  if (state === "failed") return [`machine ${name} failed`];
  const failing = state === "started" ? checks.filter(({ status }) => status === "critical") : [];
  return failing.map((check) => `check ${check.name} of machine ${name} is critical`);
}
