/** What a rollback works on, read from the synthesized stack: no state is needed, so it works when the state is out of reach. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { durationMs } from "../../config/duration";
import { Failure } from "../failure";
import type { Stack } from "../project";

export interface Target {
  /** The stack's name: "production". */
  readonly environment: string;
  readonly app: string;
  /** Process groups by name. */
  readonly groups: readonly {
    readonly name: string;
    /** Largest share or number of machines out of service at once. */
    readonly unavailable: string;
    readonly waitTimeoutMs: number;
  }[];
  /** Paths that the health checks ask over HTTP. */
  readonly healthPaths: readonly string[];
  /** `fly.toml` as an object, for the record of the release; empty where none is rendered. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** The same as text, for who builds an image; undefined where none is rendered. */
  readonly flyToml: string | undefined;
}

const group = z.object({
  app: z.string(),
  group: z.string(),
  image: z.string().optional(),
  max_unavailable: z.string().default("33%"),
  wait_timeout: z.string().default("5m0s"),
  services: z
    .array(z.object({ checks: z.array(z.object({ type: z.string(), path: z.string().optional() })).default([]) }))
    .default([]),
});

const stackJson = z.object({
  resource: z
    .object({
      fly_app: z.record(z.string(), z.object({ name: z.string() })).default({}),
      fly_process_group: z.record(z.string(), group).default({}),
    })
    .prefault({}),
});

/**
 * The app of an environment, as declared.
 *
 * @throws Failure when the stack declares no app, several, or pins its image (then the configuration says what runs, not a release)
 */
export function targetOf({ name, directory }: Stack): Target {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  const apps = Object.values(resource.fly_app);
  const [app] = apps;
  if (!app || apps.length > 1) {
    const have = app ? `declares ${apps.map((one) => one.name).join(", ")}` : "declares no Fly app";
    throw new Failure(`Stack ${name} ${have}, and a rollback takes one app. [infra/no-app]`);
  }
  const groups = Object.values(resource.fly_process_group);
  const pinned = groups.find(({ image }) => image !== undefined);
  if (pinned) {
    throw new Failure(
      `${name} pins the image of group ${pinned.group} (${pinned.image}) in its configuration, so no release decides what runs. Change the configuration and apply it. [infra/image-pinned]`,
    );
  }
  return {
    environment: name,
    app: app.name,
    groups: groups.map((one) => ({
      name: one.group,
      unavailable: one.max_unavailable,
      waitTimeoutMs: durationMs(one.wait_timeout) ?? 300_000,
    })),
    healthPaths: [
      ...new Set(
        groups.flatMap(({ services }) => services.flatMap(({ checks }) => checks.flatMap(({ path = [] }) => path))),
      ),
    ],
    ...flyTomlOf(directory, app.name),
  };
}

/** The rendered file that deploys this app, as `flyctl` records it with a release. */
function flyTomlOf(directory: string, app: string): Pick<Target, "definition" | "flyToml"> {
  const folder = join(directory, "..", "..", "files");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".toml")) : [];
  for (const name of names) {
    const flyToml = readFileSync(join(folder, name), "utf8");
    const definition = parse(flyToml);
    if (definition.app === app) return { definition, flyToml };
  }
  return { definition: {}, flyToml: undefined };
}
