import { z } from "zod";
import type { World } from "../world";
import type { GithubContext } from "./context";
import type { NewCommit } from "./git";
import { findUser } from "./state";

const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });

/** Fields of a body that name who wrote a commit. */
export const signatureFields = { author: person.nullish(), committer: person.nullish() };

interface Named {
  readonly author?: z.output<typeof person> | null | undefined;
  readonly committer?: z.output<typeof person> | null | undefined;
}

/** Who a commit through the API is by: whom the body names, else who asks. */
export function signed(
  world: World,
  c: GithubContext,
  { author, committer }: Named,
): Pick<NewCommit, "author" | "committer" | "login" | "verified"> {
  const { login, token } = c.get("asker");
  const user = findUser(world.store.state.github, login);
  const now = world.clock.now();
  const own = { name: user?.name ?? login, email: user?.email ?? `${login}@users.noreply.github.com`, at: now };
  const signature = (given: Named["author"]) =>
    given ? { name: given.name, email: given.email, at: given.date ? Date.parse(given.date) : now } : undefined;
  return {
    author: signature(author) ?? signature(committer) ?? own,
    committer: signature(committer) ?? own,
    login,
    // GitHub signs what an app or a person writes through the API, unless somebody else is named.
    verified: token.kind === "app" && !author && !committer,
  };
}
