import { vaultOf } from "../declared";
import type { Stack } from "../project";
import { type Project, readVault } from "./vault";

/**
 * Gives this process the env vars that the vault of the stacks has values for and this shell has not: the provider that is hosted here reads
 * the sources of secrets from them. Programs that were started before see none.
 *
 * @returns takes them back
 * @throws Failure for a vault that is no safe place for a value
 */
export async function lendVault(stacks: readonly Stack[], project: Project): Promise<() => void> {
  const path = vaultOf(stacks);
  const found = path === undefined ? new Map() : await readVault(path, project);
  const lent = [...found].filter(([name]) => !process.env[name]);
  for (const [name, { value }] of lent) process.env[name] = value;
  return () => {
    for (const [name] of lent) delete process.env[name];
  };
}
