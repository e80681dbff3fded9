/** Every command, in the order of the help: one line each. */
import type { Command } from "../define-command";

export const commands: readonly Command[] = [];
