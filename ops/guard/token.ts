/** Whether the token for Fly covers what is about to be changed: asked before the first change. */
import type { FlyReader, TokenInfo } from "../../api/fly";
import { FlyError } from "../../api/fly";
import { declaredIn } from "../declared";
import { Failure } from "../failure";
import { flyFrom } from "../fly";
import type { Stack } from "../project";

/**
 * Compares what Fly says of the token of each stack with what the stack declares. Whether it may write, Fly does not say: the first write does.
 *
 * @throws Failure that names organization or app and the token to make; FlyError for a token that Fly does not accept
 */
export async function requireFlyTokens(stacks: readonly Stack[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const stack of stacks) {
    const { apps, organizations, tokenEnvs } = declaredIn([stack]);
    if (apps.length === 0) continue;
    const [name = "FLY_API_TOKEN"] = tokenEnvs;
    const { fly } = flyFrom({ ...env, FLY_API_TOKEN: env[name] });
    const tokens = await currentTokens(fly);
    if (tokens.length > 0) compare(tokens, { stack: stack.name, apps, organizations });
  }
}

function compare(
  tokens: readonly TokenInfo[],
  {
    stack,
    apps,
    organizations,
  }: { readonly stack: string; readonly apps: readonly string[]; readonly organizations: readonly string[] },
): void {
  const covered = tokens.flatMap(({ org_slug }) => org_slug ?? []);
  if (covered.length === 0) return;
  const foreign = organizations.find((slug) => !covered.includes(slug));
  if (foreign !== undefined) {
    throw new Failure(
      `The token for Fly covers organization ${covered.join(", ")}, and ${stack} declares ${foreign}. Nothing was changed. Make one of that organization: fly tokens create org ${foreign} [fly/token-organization]`,
    );
  }
  const limited = tokens.every((token) => token.apps && token.apps.length > 0);
  const own = tokens.flatMap((token) => token.apps ?? []);
  const outside = limited ? apps.find((app) => !own.includes(app)) : undefined;
  if (outside !== undefined) {
    throw new Failure(
      `The token for Fly covers the app ${own.join(", ")} alone, and ${stack} declares ${outside}. Nothing was changed. Make one for it: fly tokens create deploy -a ${outside} [fly/token-app]`,
    );
  }
}

/** What Fly says of the token; nothing where it says nothing, which is no reason to stop. */
async function currentTokens(fly: FlyReader): Promise<readonly TokenInfo[]> {
  try {
    return await fly.tokens.current();
  } catch (error) {
    if (error instanceof FlyError && error.kind !== "unauthorized") return [];
    throw error;
  }
}
