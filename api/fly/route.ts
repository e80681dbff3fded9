import { limits } from "./budget";
import type { Call } from "./caller";
import { FlyError } from "./error";
import { anything, type Shape } from "./shape";

type Rest<T> = Partial<Omit<Call<T>, "answer">>;

/** `/v1/apps/{app}` and what is below, with each part encoded. */
export function appPath(app: string, ...below: readonly string[]): string {
  return ["/v1/apps", encodeURIComponent(app), ...below.map(encodePart)].join("/");
}

/** `encodeURIComponent` leaves the star of a wildcard certificate alone; Fly wants it encoded. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll("*", "%2A");
}

/** A listing or another read at the level of an app. */
export function reading<T>(
  action: string,
  subject: string,
  path: string,
  answer: Shape<T>,
  rest: Rest<T> = {},
): Call<T> {
  const counted = { action, subject, limit: limits.list };
  return { surface: "machines", method: "GET", path, counted, repeat: "any", answer, ...rest };
}

/** A write. Unless said otherwise it is repeated only when it surely was not done. */
export function writing<T>(
  action: string,
  subject: string,
  path: string,
  answer: Shape<T>,
  rest: Rest<T> = {},
): Call<T> {
  const counted = { action, subject, limit: limits.write };
  return { surface: "machines", method: "POST", path, counted, repeat: "unsent", answer, ...rest };
}

/** A write whose answer says nothing and which is the same done twice as done once. */
export function repeatable(action: string, subject: string, path: string, rest: Rest<unknown> = {}): Call<unknown> {
  return writing(action, subject, path, anything, { repeat: "any", ...rest });
}

/** Missing is a value. */
export async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof FlyError && error.kind === "not-found";
}
