/** What of a live app cannot be said: each with its reason and what to do. */

import type { AppShape } from "../../config/app-shape";
import { isSecretName, looksLikeSecretValue } from "../../config/secret-name";
import { removalCommand } from "../../provider/resources/app-inventory/removal";
import { type Holding, survey, undeclared } from "../../provider/resources/app-inventory/survey";
import type { LiveApp, LiveGroup } from "./live-app";
import { declaredAddresses, type Part } from "./part";
import type { Rehearsal } from "./rehearsal";

/** Something live for which there are no words. */
export interface Unsaid {
  /** What it is, such as "group web, machine app-1 (148e…)" or "volume/vol_4xk1". */
  readonly object: string;
  readonly reason: string;
  /** What to do about it, where it can be typed as a command. */
  readonly next: string;
}

/** What makes machines of one group differ, or is not known here; each by machine or region, in the provider's words. */
export function apart(app: string, group: string, { values: { divergence = {} } }: LiveGroup): readonly Unsaid[] {
  return Object.entries(divergence).map(([where, reason]) => {
    const [, machine] = /\(([0-9a-z]+)\)$/.exec(where) ?? [];
    const next = machine
      ? `An apply makes it like its group. To keep it: fly machine update ${machine} --app ${app} --metadata fly_process_group=<another group>, and adopt again.`
      : "An apply brings it about; to keep it as it is, change it in the file.";
    return { object: `group ${group}, ${where}`, reason: withoutSecrets(reason), next };
  });
}

const withoutSecrets = (text: string): string =>
  text.replace(/[^\s,;]+/g, (word) => (looksLikeSecretValue(word) ? "(not shown)" : word));

/** What the app holds and the shape does not declare. */
export async function leftOver(
  { reader }: Rehearsal,
  shape: AppShape,
  live: LiveApp,
  now: number,
): Promise<readonly Unsaid[]> {
  const { name } = live.app;
  const declared = {
    addresses: declaredAddresses(shape, live).map(({ ip }) => ip),
    certificates: [...live.certificates],
    groups: Object.keys(shape.groups),
    secrets: Object.keys(shape.secrets ?? {}),
    volumes: Object.values(shape.groups).flatMap(({ mount }) => (mount ? [mount.name] : [])),
    policy: {},
    ignore: [],
  };
  return undeclared((await survey(reader, name)) ?? [], declared, now).map((one) => {
    const object = `${one.kind}/${one.name}`;
    const keep =
      one.kind === "machine"
        ? `Give it a group: fly machine update ${one.name} --app ${name} --metadata fly_process_group=<group>, and adopt again. `
        : "";
    return {
      object,
      reason: [one.words, ...why(one)].join("; "),
      next: `${keep}Remove it: ${removalCommand(name, one)}. Or let it be for a while: ignore: [{ object: "${object}", reason, until }].`,
    };
  });
}

/** What the words of the inventory do not say. */
function why({ kind, name }: Holding): readonly string[] {
  switch (kind) {
    case "address":
      return ["an app declares one address of a type, and none for egress"];
    case "group":
      return ["a group of that name cannot be declared"];
    case "secret":
      return isSecretName(name) ? [] : ["names of secrets are capitals, digits and underscores here"];
    case "volume":
      return ["no process group mounts volumes of that name"];
    default:
      return [];
  }
}

export const privateValue = (app: string, group: string, path: string): Unsaid => ({
  object: `group ${group}, ${path}`,
  reason: "may hold a private value, which is written into no file; an apply would take it from the machines",
  next: path.startsWith("env.")
    ? `Make it a secret: fly secrets set ${path.slice(4)}=... --app ${app}, take the variable away, and revoke the value if it was shared.`
    : "If it is none, add it to the file by hand; else make it a secret and revoke it.",
});

export const nameOf = ({ type, id }: Part): string => `${type} ${id}`;

export const unreadable = (part: Part): Unsaid => ({
  object: nameOf(part),
  reason: "was there when the app was listed and is gone",
  next: "Adopt again.",
});

export const unspeakable = (part: Part, attribute: string): Unsaid => ({
  object: nameOf(part),
  reason: `the plan would change ${attribute}, for which a FlyApp has no words`,
  next: "Say it with the L1 constructs (import { fly }), or change it on Fly and adopt again.",
});
