import type { Asker } from "./asker";

/** Who holds the token: a person that the organization knows, else the token itself. */
export function viewer(asker: Asker) {
  const { user: email } = asker.principal;
  return findUser(asker, email) ?? { __typename: "Macaroon", email, name: null };
}

/** The person with that e-mail; null for one that nobody knows, such as a token. */
export function findUser({ world }: Asker, email: string | undefined) {
  const user = world.store.state.users.get(email ?? "");
  return user ? { __typename: "User", ...user, enablePaidHobby: false } : null;
}
