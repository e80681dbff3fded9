/**
 * Checks of single values, for the schema. Each answers what is wrong, in the user's words and with what is allowed,
 * or undefined when nothing is.
 */

import { parseImage } from "../../rollout/image";
import { parseDuration } from "./duration";

type Check<T> = (value: T) => string | undefined;

/** One of a few words. */
export const oneOf =
  (...allowed: readonly string[]): Check<string> =>
  (value) =>
    allowed.includes(value) ? undefined : `"${value}" is not known here; use ${allowed.join(", ")} [fly/choice]`;

/** Every element is one of a few words. */
export const eachOneOf =
  (...allowed: readonly string[]): Check<readonly string[]> =>
  (values) =>
    values.map(oneOf(...allowed)).find((problem) => problem !== undefined);

/** A whole number within bounds, both included. */
export const wholeNumber =
  (least: number, most: number): Check<number> =>
  (value) =>
    Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `${value} is not a whole number from ${least} to ${most} [fly/range]`;

/** A TCP or UDP port. */
export const port: Check<number> = wholeNumber(1, 65_535);

/** A duration from zero up to `most`, such as "5m". */
export const durationUpTo =
  (most: string): Check<string> =>
  (value) => {
    const ns = parseDuration(value);
    if (ns === undefined) return `"${value}" is not a duration; write "15s", "1m30s" or "300ms" [fly/duration]`;
    return ns <= (parseDuration(most) ?? 0)
      ? undefined
      : `${value} is more than Fly's ${most}; use ${most} or less [fly/duration]`;
  };

/** A duration above zero and up to `most`. */
export const someDurationUpTo =
  (most: string): Check<string> =>
  (value) =>
    parseDuration(value) === 0
      ? `0 is no time at all; use more than 0 and at most ${most} [fly/duration]`
      : durationUpTo(most)(value);

/** A path inside the machine. */
export const absolutePath: Check<string> = (value) =>
  value.startsWith("/") ? undefined : `"${value}" is not an absolute path; begin it with / [fly/path]`;

/** An image reference that Fly can pull. */
export const image: Check<string> = (value) =>
  parseImage(value)
    ? undefined
    : `"${value}" is not an image reference; write [registry/]repository[:tag][@sha256:...], for example registry.fly.io/shop:v1 [fly/image]`;

/** The name of a process group, an app or a check: it stands in machine names and metadata. */
export const plainName: Check<string> = (value) =>
  /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/.test(value)
    ? undefined
    : `"${value}" is not a name; use 1 to 63 letters, digits, hyphens and underscores [fly/name]`;

/** Any text that says something. */
export const someText: Check<string> = (value) =>
  value === "" ? "an empty text says nothing; leave the attribute out [fly/empty]" : undefined;

/** Base64 text of at least one byte. */
export const base64: Check<string> = (value) =>
  value !== "" && Buffer.from(value, "base64").toString("base64").replace(/=+$/, "") === value.replace(/=+$/, "")
    ? undefined
    : 'the value is not base64; encode the content, for example with Buffer.from(text).toString("base64") [fly/base64]';
