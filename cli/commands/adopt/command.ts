import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../../ops/failure";
import type { Stack } from "../../../ops/project";
import { defineCommand, shared } from "../../define-command";
import { type Session, withStacks } from "../../session";

export const adopt = defineCommand({
  name: "adopt",
  summary: "Take over what exists: into the state of the stack that declares it, or, where none does, into a new file.",
  details: `A stack, or an app that one declares: what exists on Fly already is taken over into its state, then planned. Machines are neither replaced nor restarted. What does not exist is left for apply to make. Doing it again takes over only what is missing in the state. The repository of a GitHub stack is taken over by apply itself, which shows it as pending.

An app or a repository (OWNER/NAME) that no stack declares: it is read whole and written as a stack of this program with imports, so that the next plan is empty. What cannot be said in it is named with its reason and what to do. Nothing is changed on Fly or GitHub, and no secret value is read.`,
  positionals: { what: { doc: "Stacks; or one app, or one OWNER/NAME, that no stack declares yet.", many: true } },
  options: {
    stack: { ...shared.stack, doc: "A stack to work on; with an app or a repository, the name of the new stack." },
    out: { type: "string", doc: "Folder for the new file. Left out: stacks.", placeholder: "folder" },
    force: { type: "boolean", doc: "Write over a file that is there." },
    dryRun: { type: "boolean", doc: "Only say what would be taken over; of an app or a repository, print the file." },
    json: shared.json,
  },
  exitCodes: {
    0: "taken over, and everything is as declared; or written, with nothing left out",
    2: "taken over, and the plan shows differences; or written, and something could not be said; with --dry-run: there is something to take over",
  },
  examples: [
    "adopt staging",
    "adopt staging chatwoot --dry-run",
    "adopt my-shop",
    "adopt hotdash/website --stack site",
  ],
  async run({ what, stack: more, out, force, dryRun, json }, tools, io) {
    if (what.length + more.length === 0) {
      throw new Failure(
        "Name the stacks whose objects exist already, such as: npx infra adopt staging. Or an app that no stack declares yet: npx infra adopt my-shop [infra/adopt-what]",
      );
    }
    const given = { out: out ?? "stacks", force, dryRun, json, name: more[0] };
    const [only = ""] = what;
    const isNew = (stacks: readonly Stack[]) => what.length === 1 && more.length < 2 && !isDeclared(only, stacks);
    const work = async (session: Session | undefined) => {
      const stacks = session?.stacks ?? [];
      if (!session || isNew(stacks)) {
        const { writeNew }: typeof import("./write-new") = require("./write-new");
        return writeNew(only, { ...given, stacks }, tools, io);
      }
      const { chooseStacks }: typeof import("../../../ops/project") = require("../../../ops/project");
      const { takeOver }: typeof import("./take-over") = require("./take-over");
      const names = [...what.map((one) => stackOf(one, stacks) ?? one), ...more];
      return takeOver({ ...session, stacks: chooseStacks(stacks, names) }, tools, io, { dryRun, json });
    };
    // Where there is no program yet, no stack declares anything.
    const hasProgram = what.length !== 1 || existsSync(join(tools.directory, "cdktf.json"));
    return hasProgram ? withStacks([], tools, io, work) : work(undefined);
  },
});

const isDeclared = (what: string, stacks: readonly Stack[]): boolean => stackOf(what, stacks) !== undefined;

/** Name of the stack that is meant: by its own name, or by that of an app or a repository that it declares. */
function stackOf(what: string, stacks: readonly Stack[]): string | undefined {
  const { declaredIn }: typeof import("../../../ops/declared") = require("../../../ops/declared");
  const { governanceOf }: typeof import("../../../ops/github/governed") = require("../../../ops/github/governed");
  const governs = (stack: Stack) => {
    const wanted = governanceOf(stack);
    return wanted !== undefined && `${wanted.owner}/${wanted.name}`.toLowerCase() === what.toLowerCase();
  };
  return (
    stacks.find(({ name }) => name === what) ??
    stacks.find((stack) => declaredIn([stack]).apps.includes(what)) ??
    stacks.find(governs)
  )?.name;
}
