/** Everything about the configuration that can be told without a network. */
import type { Trouble } from "../report/model";
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
  const terraform = terraformFor(stack, running);
  try {
    await terraform.init();
    const troubles = await terraform.validate();
    const outcome = troubles.some(({ severity }) => severity === "error") ? "invalid" : "valid";
    return { stack: stack.name, outcome, troubles };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const trouble = { severity: "warning", summary: "Not checked by Terraform", detail: error.message } as const;
    return { stack: stack.name, outcome: "unchecked", troubles: [trouble] };
  }
}
