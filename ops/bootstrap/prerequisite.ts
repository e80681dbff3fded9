/** What has to be there before anything of a new environment is made; found by reads alone. */
import { join } from "node:path";
import { resolve } from "../../provider/resources/secrets/source";
import { declaredIn } from "../declared";
import { declaredSecrets } from "../declared-secret";
import type { Examined } from "../doctor/finding";
import { examineGithub } from "../doctor/github";
import { examineToken } from "../doctor/token";
import { examineTools } from "../doctor/tool";
import type { ProjectOptions, Stack } from "../project";
import { type Step, step } from "./step";

/** Tools, tokens and the sources of secrets, a step each. @param stacks of the program; @param stack of the environment */
export async function prerequisites(
  stacks: readonly Stack[],
  stack: Stack,
  project: ProjectOptions,
  live: { readonly appExists: () => Promise<boolean>; readonly secrets: () => Promise<readonly string[]> },
): Promise<readonly Step[]> {
  const { env, interruption } = project;
  const [tools, fly, github] = await Promise.all([
    examineTools(project),
    examineToken({ env, declared: declaredIn([stack]), signal: interruption.soft }),
    examineGithub(stacks, { env, signal: interruption.soft }),
  ]);
  const refused = fly.some(({ state }) => state === "fail");
  const exists = refused ? false : await live.appExists();
  // A token of one app cannot make another.
  const narrow = fly.map((one) =>
    one.says.startsWith("lacks app ") && !exists ? { ...one, state: "fail" as const } : one,
  );
  const tokens = [...narrow, ...github];
  const failed = tokens.some(({ state }) => state === "fail");
  return [
    told("Tools", tools, "all that is needed is here"),
    told(
      "Tokens",
      tokens,
      tokens.map(({ name, says }) => `${name}: ${says}`),
    ),
    failed
      ? step("Sources of secrets", "waits", "looked at once the tokens are right")
      : await sources(stack, env, exists ? await live.secrets() : []),
  ];
}

/** What the doctor says, as one step: only what fails has to be put right. */
function told(name: string, examined: readonly Examined[], well: string | readonly string[]): Step {
  const bad = examined.filter(({ state }) => state === "fail");
  if (bad.length === 0) return step(name, "done", well);
  return step(
    name,
    "failed",
    bad.map((one) => `${one.name}: ${one.says}`),
    bad.flatMap(({ next = [] }) => next),
  );
}

/** Whether each declared secret has a value here, or is on Fly already. Values are looked at and forgotten. */
async function sources(stack: Stack, env: NodeJS.ProcessEnv, live: readonly string[]): Promise<Step> {
  const name = "Sources of secrets";
  const declared = declaredSecrets(stack);
  const absent = (
    await Promise.all(
      declared
        .filter((one) => !live.includes(one.name))
        .map(async ({ name: secret, source }) => {
          const { file } = source;
          const found = await resolve(file === undefined ? source : { file: join(stack.directory, file) }, env);
          return "absent" in found ? [{ secret, why: found.absent, variable: source.env?.[0] }] : [];
        }),
    )
  ).flat();
  if (absent.length === 0)
    return step(name, "done", declared.length === 0 ? "none is declared" : `${declared.length} have a value`);
  return step(
    name,
    "failed",
    absent.map(({ secret, why }) => `${secret}: ${why}`),
    absent.flatMap(({ variable }) => (variable === undefined ? [] : `read -rs ${variable} && export ${variable}`)),
  );
}
