import type { PrivateState, Value } from "../framework";

const key = "imported";

/**
 * Marks a state as imported until it is applied. Some attributes are instructions that Fly does not hold (where a value
 * comes from, what to do about undeclared objects); an import cannot know them.
 */
export function markImported(state: PrivateState, imported: boolean): void {
  state.set(key, imported || undefined);
}

/** Whether the state is as it was imported: nothing has been applied since. */
export function isImported(state: PrivateState): boolean {
  return state.get<boolean>(key) ?? false;
}

/**
 * Plans the instructions of an imported resource as they were imported if nothing else of it changes: its first plan
 * is empty, and the first that is not takes the configured ones.
 *
 * @param planned changed in place
 */
export function keepImported(
  state: PrivateState,
  planned: Record<string, Value>,
  prior: Readonly<Record<string, Value>>,
  { instructions, changes }: { readonly instructions: readonly string[]; readonly changes: boolean },
): void {
  if (changes || !isImported(state)) return;
  for (const name of instructions) planned[name] = prior[name] ?? null;
}
