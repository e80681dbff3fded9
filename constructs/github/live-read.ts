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
  /** What the plan ends with when the answer is 404. @default 404 is an answer */
  readonly refusal?: string;
}

/**
 * A read of GitHub's REST API by Terraform, never from a cache. The answer lands in the state, so that only what holds no secret may be read.
 *
 * @param name logical id; unique in the stack
 * @param path below the API's root, such as "orgs/acme"; may hold templates
 */
export function readLive(scope: Construct, name: string, path: string, options: LiveReadOptions = {}): LiveRead {
  const { dependsOn, refusal } = options;
  const read = new DataGithubRestApi(scope, name, {
    endpoint: path,
    ...(dependsOn && { dependsOn: [...dependsOn] }),
    ...(refusal !== undefined && {
      lifecycle: { postcondition: [{ condition: template("self.code == 200"), errorMessage: refusal }] },
    }),
  });
  read.overrideLogicalId(name);
  const address = `data.github_rest_api.${name}`;
  return { body: `try(jsondecode(${address}.body), null)`, code: `${address}.code` };
}

/** The list that an answer is; none where there was no answer. */
export const listIn = (body: Expression): Expression => `try(concat(${body}), [])`;
