/** The programs of this machine: present, and not older than what was tested. */

import { Failure } from "../failure";
import { type Interruption, runProcess } from "../process";
import type { Examined } from "./finding";

interface Tool {
  readonly name: string;
  /** Programs to try, in order; an env var may name another one. */
  readonly programs: readonly string[];
  readonly variable?: string;
  readonly args: readonly string[];
  /** Lowest version tested. */
  readonly lowest?: string;
  readonly needed: boolean;
  readonly use: string;
  readonly install: string;
}

const TOOLS: readonly Tool[] = [
  {
    name: "node",
    programs: [process.execPath],
    args: ["--version"],
    lowest: "20.12.0",
    needed: true,
    use: "running this program and the provider",
    install: "https://nodejs.org/",
  },
  {
    name: "terraform",
    programs: ["terraform"],
    variable: "TERRAFORM_BINARY_NAME",
    args: ["version"],
    lowest: "1.6.0",
    needed: true,
    use: "planning and applying",
    install: "https://developer.hashicorp.com/terraform/install",
  },
  {
    name: "flyctl",
    programs: ["flyctl", "fly"],
    variable: "FLYCTL",
    args: ["version"],
    lowest: "0.3.195",
    needed: false,
    use: "deploying images in the release pipeline, and the runbooks' diagnostics",
    install: "https://fly.io/docs/flyctl/install/",
  },
  {
    name: "gh",
    programs: ["gh"],
    variable: "GH",
    args: ["--version"],
    needed: false,
    use: "the runbooks' diagnostics of workflows",
    install: "https://cli.github.com/",
  },
  {
    name: "supabase",
    programs: ["supabase"],
    args: ["--version"],
    lowest: "2.48.3",
    needed: false,
    use: "database work in runbooks",
    install: "https://supabase.com/docs/guides/cli",
  },
  {
    name: "shopify",
    programs: ["shopify"],
    args: ["version"],
    lowest: "3.85.4",
    needed: false,
    use: "the application's own work",
    install: "https://shopify.dev/docs/api/shopify-cli",
  },
  {
    name: "gitleaks",
    programs: ["gitleaks"],
    args: ["version"],
    needed: false,
    use: "finding secrets before a commit",
    install: "https://github.com/gitleaks/gitleaks",
  },
  {
    name: "bash",
    programs: ["bash"],
    args: ["--version"],
    needed: false,
    use: "scripts",
    install: "your system's packages",
  },
  {
    name: "curl",
    programs: ["curl"],
    args: ["--version"],
    needed: false,
    use: "runbooks",
    install: "your system's packages",
  },
];

export interface Machine {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/** Asks every program for its version, all at once. */
export const examineTools = (machine: Machine): Promise<readonly Examined[]> =>
  Promise.all(TOOLS.map((tool) => examine(tool, machine)));

async function examine(tool: Tool, machine: Machine): Promise<Examined> {
  const { name, args, lowest, needed, use, install } = tool;
  const bad = needed ? "fail" : "warn";
  const version = await versionOf(tool, machine);
  const wanted = lowest ? `${lowest} or newer` : "any version";
  if (version === undefined || version === "") {
    const lack = version === undefined ? "missing" : `there, but says no version to ${[name, ...args].join(" ")}`;
    return { name, state: bad, says: `${lack}; it is for ${use} (${wanted})`, next: `Install it: ${install}` };
  }
  if (lowest && isOlder(version, lowest)) {
    return {
      name,
      state: bad,
      says: `${version} is older than ${lowest}, the lowest tested`,
      next: `Update it: ${install}`,
    };
  }
  return { name, state: "ok", says: version };
}

/** undefined: not on this machine. Empty: it is, and says no version. */
async function versionOf({ programs, variable, args }: Tool, machine: Machine): Promise<string | undefined> {
  const named = variable && machine.env[variable];
  let version: string | undefined;
  for (const program of named ? [named] : programs) {
    try {
      const { stdout, stderr } = await runProcess(program, args, machine);
      const found = /\d+\.\d+(\.\d+)?/.exec(`${stdout}\n${stderr}`)?.[0];
      if (found) return found;
      version = "";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return version;
}

/** Whether version `a` comes before `b`, number by number. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
