import { readdirSync } from "node:fs";
import { join } from "node:path";
import { configuration } from "../../config";
import { managedFiles } from "../../constructs/managed/managed-file";
import { describeWith, findTool } from "../workflows/support/tool";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";

const files = managedFiles(configuration());
const shell = files
  .filter(({ path, text }) => path.endsWith(".sh") || /^#!.*\b(ba)?sh\n/.test(text))
  .map(({ path }) => path);

let repository: ManagedRepository;
beforeAll(() => {
  repository = managedRepository();
});
afterAll(() => repository.remove());

describeWith(["shellcheck"], "the shell scripts", () => {
  it("are clean, each with what it sources", async () => {
    const { code, output } = await repository.run(findTool("shellcheck") ?? "", ["-x", ...shell]);
    expect({ code, output }).toEqual({ code: 0, output: "" });
  });
});

it("every executable script says with --help how it is used, and does nothing", async () => {
  const scripts = files
    .filter(({ path, executable }) => executable && path.startsWith("scripts/"))
    .map(({ path }) => path);
  expect(scripts.length).toBeGreaterThan(10);
  // One process for all of them: what a script prints stands below its name.
  const each = 'for script in "$@"; do printf "\\n%s: " "$script"; "./$script" --help 2>&1 | head -1; done';
  const { output } = await repository.run("bash", ["-c", each, "bash", ...scripts]);
  const wrong = output
    .trim()
    .split("\n")
    .filter((line) => line !== "" && !/^\S+: Usage: /.test(line));
  expect(wrong).toEqual([]);
  expect(repository.git("status", "--porcelain")).toBe("");
});

describe("the scripts that call infra", () => {
  /** npm, of which `npm exec --no -- infra …` answers as a version with these commands does. */
  const npm = (...commands: string[]) => `#!/bin/sh
[ "$1 $2 $3 $4" = "exec --no -- infra" ] || exit 9
shift 4
if [ "$1" = --help ]; then printf 'Commands:\\n${commands.map((name) => `  ${name}  Does it.\\n`).join("")}'; exit 0; fi
echo "infra $*"
exit 2
`;
  const run = (script: string, ...args: string[]) =>
    repository.run(`scripts/ops/${script}`, args, {
      PATH: `${repository.folder}/node_modules/stub:${process.env.PATH}`,
    });
  const offer = (...commands: string[]) => repository.write("node_modules/stub/npm", npm(...commands));

  it.each<[script: string, args: string[], called: string]>([
    ["../verify_secrets.sh", ["live", "--json"], "infra secrets verify --json"],
    ["sync-secrets.sh", ["staging", "--dry-run"], "infra secrets sync staging --dry-run"],
    ["check-parity.sh", ["--json"], "infra parity --json"],
    ["rollback.sh", ["v1.0.0"], "infra rollback production --to v1.0.0"],
    ["rollback.sh", ["v1.0.0-rc.1", "staging", "--json"], "infra rollback staging --to v1.0.0-rc.1 --json"],
  ])("%s %p runs %s and gives its exit code", async (script, args, called) => {
    offer("parity", "rollback", "secrets");
    expect(await run(script, ...args)).toEqual({ code: 2, output: `${called}\n` });
  });

  it("say so where the installed version has no such command, or is not installed", async () => {
    offer("parity-report");
    expect(await run("check-parity.sh")).toMatchObject({
      code: 1,
      output: expect.stringContaining("needs infra parity, which the installed version of hotdash-infra does not have"),
    });
    repository.write("node_modules/stub/npm", "#!/bin/sh\nexit 1\n");
    expect(await run("check-parity.sh")).toMatchObject({ code: 1, output: expect.stringContaining("run: npm ci") });
  });

  it.each([["1.0.0"], ["v1.0"], ["v1.0.0; rm"], ["v1.0.0", "preview"], []])(
    "rollback.sh refuses %p %p",
    async (...args) => {
      offer("rollback");
      expect(await run("rollback.sh", ...(args as string[]))).toMatchObject({
        code: 1,
        output: expect.stringMatching(/^rollback: "/),
      });
    },
  );
});

it("every file below files/ is one of the managed files, and the build takes the folder along", () => {
  const folder = join(__dirname, "../../constructs/managed/files");
  const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(there.length + 1);
});
