/** What is missing on this machine, and what to type. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Declared, declaredIn } from "../declared";
import { Failure } from "../failure";
import { type ProjectOptions, type Stack, synthesize } from "../project";
import { findSandbox } from "../sandbox/sandbox";
import type { Examined } from "./finding";
import { examineGithub } from "./github";
import { examineToken } from "./token";
import { examineTools } from "./tool";

/** Looks at tools, project, providers, state, tokens and sandbox; changes nothing. */
export async function examine(machine: ProjectOptions): Promise<readonly Examined[]> {
  const [tools, { declared, stacks, examined }] = await Promise.all([examineTools(machine), examineProject(machine)]);
  return [
    ...tools,
    ...examined,
    ...examineProviders(declared, machine.env),
    ...examineState(declared, machine.env),
    ...(await examineToken({ env: machine.env, declared, signal: machine.interruption.soft })),
    ...(await examineGithub(stacks, { env: machine.env, signal: machine.interruption.soft })),
    await examineSandbox(machine),
    ...manual,
  ];
}

async function examineProject(
  machine: ProjectOptions,
): Promise<{ declared?: Declared; stacks: readonly Stack[]; examined: readonly Examined[] }> {
  const name = "configuration";
  try {
    const stacks = await synthesize(machine);
    const says = `gives ${stacks.length} stacks: ${stacks.map((stack) => stack.name).join(", ")}`;
    return { declared: declaredIn(stacks), stacks, examined: [{ name, state: "ok", says }] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { stacks: [], examined: [{ name, state: "fail", says: error.message, next: "npx infra check" }] };
  }
}

/** Our own provider lies beside each stack; the others come from a mirror or from the Terraform registry. */
function examineProviders(declared: Declared | undefined, env: NodeJS.ProcessEnv): readonly Examined[] {
  const name = "providers";
  if (!declared) return [];
  const others = declared.providers.filter((address) => !address.endsWith("hotdash/fly"));
  if (others.length === 0)
    return [{ name, state: "ok", says: "the stacks need none but our own, which lies beside them" }];
  const mirror = env.TF_PROVIDER_MIRROR;
  const list = others.join(", ");
  if (!mirror) return [{ name, state: "ok", says: `${list}: fetched from the Terraform registry by init` }];
  return others.map((address) => {
    const full = address.split("/").length === 3 ? address : `registry.terraform.io/${address}`;
    return existsSync(join(mirror, full))
      ? { name, state: "ok", says: `${address}: in the mirror ${mirror}` }
      : {
          name,
          state: "warn",
          says: `${address} is not in the mirror ${mirror}`,
          next: `terraform providers mirror ${mirror}, where the Terraform registry can be reached`,
        };
  });
}

function examineState(declared: Declared | undefined, env: NodeJS.ProcessEnv): readonly Examined[] {
  const name = "state";
  if (!declared) return [];
  const { addressesFrom, isLoopback }: typeof import("../../api/fly") = require("../../api/fly");
  const { machinesUrl } = addressesFrom(env);
  const real = !URL.canParse(machinesUrl) || !isLoopback(machinesUrl);
  const kinds = declared.backends;
  if (!kinds.includes("local")) return [{ name, state: "ok", says: `kept in ${kinds.join(", ")}` }];
  if (!real) return [{ name, state: "ok", says: "kept in local files, which is for the sandbox" }];
  return [
    {
      name,
      state: "warn",
      says: "kept in local files; the real Fly is refused with them unless the configuration allows it",
      next: "Set state in the configuration to pg, s3 or hcp",
    },
  ];
}

async function examineSandbox({ directory }: ProjectOptions): Promise<Examined> {
  const running = await findSandbox({ directory, name: undefined });
  const says = running ? `runs at ${running.url}` : "does not run; start it: npx infra sandbox start";
  return { name: "sandbox", state: "ok", says };
}

/** What has no API at all (spec.md section 17). */
export const manual: readonly Examined[] = [
  {
    name: "Fly e-mail notices",
    state: "manual",
    says: "cannot be read or set by a program: Fly has no API for them",
    next: "Look at https://fly.io/dashboard, Account, Notifications: have notices of the organization on",
  },
];
