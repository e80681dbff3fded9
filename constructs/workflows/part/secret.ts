import { secret } from "../model/expression";
import type { Env } from "../model/step";

/** Hands secrets to a step under their own names. */
export const handed = (names: readonly string[]): Env => Object.fromEntries(names.map((name) => [name, secret(name)]));
