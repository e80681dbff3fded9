/** What of a live group may be a secret in the wrong place: it is named, and its value is written nowhere. */
import { looksLikeSecretValue } from "../../config/secret-name";
import type { ProcessGroup } from "../../provider/resources/process-group/attributes";
import { isObject } from "../../report/difference";

/** A group without private values, and where they were. */
export interface Guarded {
  readonly group: ProcessGroup;
  /** Such as "env.DATABASE_URL"; never a value. */
  readonly hidden: readonly string[];
  /** Attributes that hold one. */
  readonly attributes: ReadonlySet<string>;
}

/** Takes out env vars, metadata and files one by one, and of everything else the whole attribute that holds such a value. */
export function withoutPrivateValues(live: ProcessGroup): Guarded {
  const hidden: string[] = [];
  const attributes = new Set<string>();
  const hide = (attribute: string, path: string) => {
    hidden.push(path);
    attributes.add(attribute);
    return false;
  };
  const publicEntries = (name: "env" | "metadata") =>
    Object.fromEntries(
      Object.entries(live[name] ?? {}).filter(
        ([key, value]) => !looksLikeSecretValue(value) || hide(name, `${name}.${key}`),
      ),
    );
  const parts = {
    env: publicEntries("env"),
    metadata: publicEntries("metadata"),
    files: (live.files ?? []).filter(({ raw_value, guest_path }) => !raw_value || hide("files", `files ${guest_path}`)),
  };
  const whole = Object.keys(live).filter((name) => !(name in parts) && name !== "divergence");
  const kept = whole.filter((name) => !holdsSecret(live[name as keyof ProcessGroup]) || hide(name, name));
  const rest = Object.fromEntries(Object.entries(live).filter(([name]) => kept.includes(name)));
  return { group: { ...required(live), ...rest, ...parts }, hidden, attributes };
}

/** Whether any text inside looks like a secret value. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return looksLikeSecretValue(value);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isObject(value) && Object.values(value).some(holdsSecret);
}

const required = ({ app, group, machines }: ProcessGroup) => ({ app, group, machines });
