import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../../../constructs/workflows/model/script";

/** What a stubbed command does when it is called. */
export interface Answer {
  /** Text that the arguments, joined by spaces, must hold. @default any call */
  readonly on?: string;
  /** This many calls; later ones fall to the next answer. @default all */
  readonly times?: number;
  /** Standard output, as it is. */
  readonly says?: string;
  /** A line on standard error. */
  readonly complains?: string;
  /** Exit code. @default 0 */
  readonly code?: number;
  /** Bash that runs first, in a folder of the run's own: a command that remembers what it was told. `$*` are the arguments. */
  readonly does?: string;
  /** It reads its standard input to the end, which is then recorded. */
  readonly reads?: true;
  /** The command of this machine runs, after the call is recorded. */
  readonly real?: true;
}

/** By command: the first answer that fits is given; none fits: silence and exit code 0. */
export type Stubs = Readonly<Record<string, Answer | readonly Answer[]>>;

/** One call of a stubbed command. */
export interface Call {
  /** As somebody would type it: "flyctl deploy --app hot-dash". */
  readonly line: string;
  readonly tool: string;
  readonly args: readonly string[];
  /** Everything in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it read, where its answer reads. */
  readonly stdin: string;
}

/** Stubbed unless a test says otherwise: what reaches the network, changes the machine or takes time. */
const usual: Stubs = {
  ...Object.fromEntries(
    ["flyctl", "fly", "gh", "supabase", "npm", "npx", "infra", "terraform", "docker", "gitleaks", "danger"].map(
      (tool) => [tool, {}],
    ),
  ),
  ...Object.fromEntries(["sudo", "apt-get", "psql", "pg_dump", "pg_restore", "sleep"].map((tool) => [tool, {}])),
  curl: { real: true },
};

/**
 * Writes the stubs into `folder/bin`; their calls are recorded below `folder/calls`.
 *
 * @param path where real commands are looked for
 */
export function writeStubs(folder: string, stubs: Stubs, path: string): void {
  for (const name of ["bin", "calls", "used", "memory"]) mkdirSync(join(folder, name));
  for (const [tool, answers] of Object.entries({ ...usual, ...stubs })) {
    const file = join(folder, "bin", tool);
    writeFileSync(file, script(folder, path, tool, [answers].flat()));
    chmodSync(file, 0o755);
  }
}

/** Bash and not Node: it starts in two milliseconds. A call is named by its time, so no lock is needed. */
function script(folder: string, path: string, tool: string, answers: readonly Answer[]): string {
  return [
    "#!/bin/bash",
    `cd_home=${shellWord(folder)}`,
    `call="$cd_home/calls/\${EPOCHREALTIME/[.,]/}-$$"`,
    `printf '%s\\0' ${shellWord(tool)} "$@" > "$call.argv"`,
    `mapfile -d '' -t all < /proc/self/environ; printf '%s\\0' "\${all[@]}" > "$call.env"`,
    `take() { [ "$(cat "$cd_home/used/$1" 2> /dev/null | wc -c)" -lt "$2" ] && printf x >> "$cd_home/used/$1"; }`,
    ...answers.map((answer, index) => branch(answer, `${tool}-${index}`, path, tool)),
    "exit 0",
    "",
  ].join("\n");
}

function branch(answer: Answer, key: string, path: string, tool: string): string {
  const { on = "", times, says = "", complains = "", code = 0, does, reads, real } = answer;
  const counted = times === undefined ? "" : ` && take ${shellWord(key)} ${times}`;
  const deeds = [
    reads && 'cat > "$call.stdin"',
    does && `(cd "$cd_home/memory"; ${does})`,
    real && `PATH=${shellWord(path)} exec ${shellWord(tool)} "$@"`,
    says && `printf %s ${shellWord(says)}`,
    complains && `echo ${shellWord(complains)} >&2`,
    `exit ${code}`,
  ].filter(Boolean);
  return `if [[ "$*" == *${shellWord(on) || "''"}* ]]${counted}; then ${deeds.join("; ")}; fi`;
}

/** The recorded calls, in the order in which they were made. */
export function callsOf(folder: string): readonly Call[] {
  const files = readdirSync(join(folder, "calls")).filter((name) => name.endsWith(".argv"));
  return files.sort().map((name) => {
    const base = join(folder, "calls", name.replace(/\.argv$/, ""));
    const [tool = "", ...args] = parts(`${base}.argv`);
    const env = Object.fromEntries(
      parts(`${base}.env`).map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
    );
    return { line: [tool, ...args].map(shellWord).join(" "), tool, args, env, stdin: optional(`${base}.stdin`) };
  });
}

const parts = (file: string): string[] => readFileSync(file, "utf8").split("\0").slice(0, -1);

function optional(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
