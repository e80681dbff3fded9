/** The aspects of a repository that are lists of objects by name or by id. */
import type { RepositoryReader } from "../../api/github";
import type { Scene } from "./aspect";
import { fieldsOf, missing, type Observation, undeclared } from "./observation";

/** Repository variables, with their values. */
export async function variables({ repository, wanted }: Scene): Promise<readonly Observation[]> {
  const live = new Map((await repository.variables()).map(({ name, value }) => [name, value]));
  return [
    ...Object.entries(wanted.variables).flatMap(([name, value]) => {
      const found = live.get(name);
      return found === undefined
        ? [missing(`variable/${name}`)]
        : fieldsOf(`variable/${name}`, { value }, { value: found });
    }),
    ...[...live.keys()]
      .filter((name) => wanted.variables[name] === undefined)
      .map((name) => undeclared(`variable/${name}`, "", `gh variable delete ${name}`)),
  ];
}

/** The list is complete: what is not on it goes with the next apply. */
export async function labels({ repository, wanted }: Scene): Promise<readonly Observation[]> {
  const live = new Map((await repository.labels()).map((one) => [one.name.toLowerCase(), one]));
  const names = new Set(wanted.labels.map(({ name }) => name.toLowerCase()));
  return [
    ...wanted.labels.flatMap(({ name, color, description }) => {
      const found = live.get(name.toLowerCase());
      const object = `label/${name}`;
      if (!found) return [missing(object)];
      return fieldsOf(object, { color, description }, { color: found.color, description: found.description ?? "" });
    }),
    ...[...live.values()]
      .filter(({ name }) => !names.has(name.toLowerCase()))
      .map(
        ({ name }): Observation => ({
          kind: "undeclared",
          object: `label/${name}`,
          field: "",
          text: "nobody declared it; apply removes it",
        }),
      ),
  ];
}

/** Of the address only the host is told: the rest of it is often a secret. */
export async function webhooks({ repository }: Scene): Promise<readonly Observation[]> {
  return (await repository.hooks()).map(({ id, config: { url = "" } }) => {
    const host = URL.canParse(url) ? new URL(url).host : "nowhere";
    return undeclared(`webhook/${id}`, `to ${host}`, `gh api -X DELETE ${pathIn(repository, `hooks/${id}`)}`);
  });
}

/** Keys by which a machine reads or writes the repository; none is ever declared. */
export async function deployKeys({ repository }: Scene): Promise<readonly Observation[]> {
  return (await repository.deployKeys()).map(({ id, title, read_only }) =>
    undeclared(
      `deploy_key/${id}`,
      `"${title}", ${read_only ? "may read" : "may write"}`,
      `gh api -X DELETE ${pathIn(repository, `keys/${id}`)}`,
    ),
  );
}

/** References that GitHub turns into links; none is ever declared. */
export async function autolinks({ repository }: Scene): Promise<readonly Observation[]> {
  return (await repository.autolinks()).map(({ id, key_prefix }) =>
    undeclared(`autolink/${id}`, key_prefix, `gh api -X DELETE ${pathIn(repository, `autolinks/${id}`)}`),
  );
}

/** A path below the repository, as `gh api` takes it. */
export const pathIn = ({ owner, name }: RepositoryReader, rest: string): string => `repos/${owner}/${name}/${rest}`;
