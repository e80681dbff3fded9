import type { Secret, Text, Trusted } from "../model/expression";
import lock from "./actions.lock.json";

/** An action that the lock knows: "owner/repository", or "owner/repository/path". */
export type ActionName = Extract<keyof typeof lock, string>;

type Facts<A extends ActionName> = (typeof lock)[A];
/** What an input of an action takes. A secret goes to an action that needs one; never to a script. */
export type InputValue = string | number | boolean | Trusted | Text | Secret;

/** Inputs of an action, as its own description has them: required ones are required. */
export type Inputs<A extends ActionName> = {
  readonly [K in keyof Facts<A>["inputs"]["required"]]: InputValue;
} & { readonly [K in keyof Facts<A>["inputs"]["optional"]]?: InputValue };

/** Names of an action's outputs. */
export type OutputName<A extends ActionName> = Extract<keyof Facts<A>["outputs"], string>;

/** A pinned action with its inputs. */
export interface ActionUse {
  readonly action: ActionName;
  readonly inputs: Readonly<Record<string, InputValue>>;
}

/** What the lock says of an action: the commit it is pinned to, and the version that the commit has. */
export interface Pin {
  readonly version: string;
  readonly commit: string;
  readonly inputs: {
    readonly required: Readonly<Record<string, string>>;
    readonly optional: Readonly<Record<string, string>>;
  };
  readonly outputs: Readonly<Record<string, string>>;
}

/** Every action that may stand in a workflow. */
export const actions: Readonly<Record<string, Pin>> = lock;

/** The reference that GitHub resolves: "actions/checkout@<commit>". */
export const reference = (action: ActionName): string => `${action}@${actions[action]?.commit}`;
