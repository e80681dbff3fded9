/** Everything about the configuration that can be told without a network. */
import type { Trouble } from "../report/model";
import { undecidedOf } from "./declared";
import { Failure } from "./failure";
import { type Running, terraformFor } from "./plan";
import type { Stack } from "./project";

export interface CheckedStack {
  readonly stack: string;
  /** "unchecked": Terraform could not be prepared on this machine, such as a provider that cannot be fetched; `troubles` say why. */
  readonly outcome: "valid" | "invalid" | "unchecked";
  readonly troubles: readonly Trouble[];
}

/** Lets Terraform and our provider judge each synthesized stack, all at once. */
export const checkStacks = (stacks: readonly Stack[], running: Running): Promise<readonly CheckedStack[]> =>
  Promise.all(stacks.map((stack) => checkStack(stack, running)));

async function checkStack(stack: Stack, running: Running): Promise<CheckedStack> {
  const open = undecidedOf(stack).map(({ path, text, id }): Trouble => {
    return { severity: "error", summary: `${path} is not decided`, detail: `${path} ${text} [${id}]` };
  });
  const terraform = terraformFor(stack, running);
  try {
    await terraform.init();
    const troubles = [...open, ...(await terraform.validate())];
    const outcome = troubles.some(({ severity }) => severity === "error") ? "invalid" : "valid";
    return { stack: stack.name, outcome, troubles };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const trouble = { severity: "warning", summary: "Not checked by Terraform", detail: error.message } as const;
    return { stack: stack.name, outcome: open.length > 0 ? "invalid" : "unchecked", troubles: [...open, trouble] };
  }
}
