/** The TypeScript files of stacks that take over what is live. */
import type { AdoptedApp } from "./adopt-app";
import type { AdoptedRepository } from "./adopt-repository";
import { literal, Source } from "./literal";

/** Name of the function that a generated file exports: of "my-shop" it is `myShopStack`. */
export function functionName(stack: string): string {
  const words = stack.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const camel = words.map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`)).join("");
  return `${/^[A-Za-z]/.test(camel) ? camel : `app${camel}`}Stack`;
}

/**
 * The file of a stack with one app: its props, what they have no word for, and an import for each resource.
 *
 * @param library module specifier of this package, as the file is to import it
 */
export function appStackFile(
  { shape, organization, parts, overrides }: AdoptedApp,
  { stack, library }: { readonly stack: string; readonly library: string },
): string {
  const { image } = shape;
  const maker = "pinned" in image ? "pinned" : "managedOutside";
  const wording = "pinned" in image ? `pinned(${JSON.stringify(image.pinned)})` : `managedOutside(${literal(image)})`;
  const props = literal({ ...shape, image: new Source(wording) }, 2, 200);
  const imports = parts.map(({ handle, id }) => `  live${handle}.importFrom(${JSON.stringify(id)});`);
  const beside = overrides.map(({ handle, path, value }) => {
    const head = `  live${handle}.addOverride(${JSON.stringify(path)}, `;
    return `${head}${literal(value, 2, head.length + 2)});`;
  });
  return `import type { App } from "cdktf";
import { FlyApp, FlyStack, ${maker}, type State } from ${JSON.stringify(library)};

/** Stack \`${stack}\`: the app \`${shape.app}\` as it was found on Fly. \`state\`: where its Terraform state is kept. */
export function ${functionName(stack)}(app: App, state?: State): void {
  const stack = new FlyStack(app, ${JSON.stringify(stack)}, { organization: ${JSON.stringify(organization)}, state });
  const live = new FlyApp(stack, "app", ${props});
${beside.length > 0 ? `\n  // What FlyApp has no word for, as it was found.\n${beside.join("\n")}\n` : ""}
  // These exist: the first apply takes them over and makes none of them. Afterwards these lines may go.
${imports.join("\n")}
}
`;
}

/** The file of a stack that governs a repository. */
export function repositoryStackFile(
  { shape, write, imports }: AdoptedRepository,
  { stack, library }: { readonly stack: string; readonly library: string },
): string {
  const { owner, name } = shape;
  const props = literal({ repository: shape, write: write === "direct" ? write : undefined }, 2, 200);
  const begin = '  stack.addOverride("import", ';
  return `import type { App } from "cdktf";
import { GithubStack, GovernedRepository, type State } from ${JSON.stringify(library)};

/** Stack \`${stack}\`: the repository \`${owner}/${name}\` as it was found on GitHub. \`state\`: where its Terraform state is kept. */
export function ${functionName(stack)}(app: App, state?: State): void {
  const stack = new GithubStack(app, ${JSON.stringify(stack)}, { owner: ${JSON.stringify(owner)}, state });
  new GovernedRepository(stack, "repository", ${props});

  // These exist: the first apply takes them over and makes none of them. Afterwards these lines may go.
${begin}${literal(imports, 2, begin.length + 2)});
${withPolicies(imports)}}
`;
}

/** Tried with the provider at 6.9.0, 2026-11: its import of a policy leaves out what the policy belongs to, and a difference there replaces it. */
function withPolicies(imports: AdoptedRepository["imports"]): string {
  const type = "github_repository_environment_deployment_policy";
  const names = imports.flatMap(({ to }) => (to.startsWith(`${type}.`) ? [to.slice(type.length + 1)] : []));
  if (names.length === 0) return "";
  const begin = "  const policies = ";
  return `
  // The GitHub provider imports these without what they belong to, and would make each anew for that: these lines stay.
${begin}${literal(names, 2, begin.length)};
  for (const policy of policies) {
    const path = \`resource.${type}.\${policy}.lifecycle.ignore_changes\`;
    stack.addOverride(path, ["environment", "repository"]);
  }
`;
}
