import type { State } from "../../../config/schema";
import { stateSecrets } from "../../../config/workflow-secret";
import { secret } from "../model/expression";
import type { Env } from "../model/step";

/** What Terraform reaches its state with. */
export const stateCredentials = (state: State): Env =>
  Object.fromEntries(Object.entries(stateSecrets(state)).map(([variable, name]) => [variable, secret(name)]));
