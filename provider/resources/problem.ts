import type { FlyError } from "../../api/fly/error";
import { type Path, Problem } from "../framework";

/** What to type so that Terraform manages an object that is there; `key` is what its resource is imported by. */
export const importCommand = (type: string, key: string): string =>
  `terraform import ${type}.<name> '${key}' in the stack directory (cdktf.out/stacks/<stack>)`;

/** Something that a create found and that is not its own. `what` as in `address 1.2.3.4`. */
export function exists(what: string, app: string, importId: string, type: string, path: Path = ["app"]): Problem {
  return new Problem({
    summary: `Exists already: ${what}`,
    detail:
      `App ${app} has ${what}, and nothing shows that this configuration made it. Nothing was changed. ` +
      `If it is to be managed here: ${importCommand(type, importId)}. Else remove it first, or declare another. [fly/exists]`,
    path,
  });
}

/** A create whose answer was lost and whose outcome several objects could be. */
export function ambiguous(what: string, found: readonly string[], error: FlyError): Problem {
  const seen = found.length === 0 ? "none that could be it" : found.join(", ");
  return new Problem(
    {
      summary: `It is not known whether ${what} was made`,
      detail:
        `The answer to ${error.method} ${error.path} was lost (${error.flyMessage}), and Fly now shows ${seen}. ` +
        "Nothing more was tried. Apply again; remove what is then reported as undeclared. [fly/ambiguous-create]",
    },
    { cause: error },
  );
}
