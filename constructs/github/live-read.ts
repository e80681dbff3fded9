import { DataGithubRestApi } from "@cdktf/provider-github/lib/data-github-rest-api";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { type Expression, template } from "./expression";

/** What one `GET` of GitHub's REST API answered, as expressions. */
export interface LiveRead {
  /** The JSON of the answer; null where it had none. */
  readonly body: Expression;
  /** HTTP status: 200, 204 or 404. Any other ends the plan with an error. */
  readonly code: Expression;
}

/** What {@link readLive} needs besides a name and a path. */
export interface LiveReadOptions {
  /** The read waits for them, and until the apply when one of them is to change. @default read at plan */
  readonly dependsOn?: readonly ITerraformDependable[];
  /** What the plan ends with when the answer is not 200. @default 404 is an answer */
  readonly refusal?: string;
  /** What an answer, `self`, has to hold besides; else the plan ends with the message. */
  readonly conditions?: readonly { readonly holds: Expression; readonly message: string }[];
}

/**
 * A read of GitHub's REST API by Terraform, never from a cache. The answer lands in the state, so that only what holds no secret may be read.
 *
 * @param name logical id; unique in the stack
 * @param path below the API's root, such as "orgs/acme"; may hold templates
 */
export function readLive(scope: Construct, name: string, path: string, options: LiveReadOptions = {}): LiveRead {
  const { dependsOn, refusal, conditions = [] } = options;
  const postcondition = [
    ...(refusal === undefined ? [] : [{ condition: template("self.code == 200"), errorMessage: refusal }]),
    ...conditions.map(({ holds, message }) => ({ condition: template(holds), errorMessage: message })),
  ];
  const read = new DataGithubRestApi(scope, name, {
    endpoint: path,
    ...(dependsOn && { dependsOn: [...dependsOn] }),
    // Only where there is one: with a condition, Terraform puts the read off while anything before it is to change.
    ...(postcondition.length > 0 && { lifecycle: { postcondition } }),
  });
  read.overrideLogicalId(name);
  const address = `data.github_rest_api.${name}`;
  return { body: `try(jsondecode(${address}.body), null)`, code: `${address}.code` };
}

/** The list that an answer is; none where there was no answer. */
export const listIn = (body: Expression): Expression => `try(concat(${body}), [])`;
