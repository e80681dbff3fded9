import { defineCommand, shared } from "../../define-command";

export const parity = defineCommand({
  name: "parity",
  summary: "Compare two environments, staging with production by default: status, secrets, sizes, versions, health.",
  details:
    "A difference that the configuration wants is said and is none. For every other one stands what to do. Reads only; values of secrets are not read.",
  positionals: { environments: { doc: "Two environments, by the names of their stacks.", many: true } },
  options: { json: shared.json },
  exitCodes: { 0: "they differ as declared, if at all", 2: "they differ otherwise" },
  examples: ["parity", "parity staging production --json"],
  async run({ environments, json }, tools, io) {
    const { Failure }: typeof import("../../../ops/failure") = require("../../../ops/failure");
    const { chooseStacks, synthesize }: typeof import("../../../ops/project") = require("../../../ops/project");
    const { readSide }: typeof import("../../../ops/parity/side") = require("../../../ops/parity/side");
    const { compare }: typeof import("../../../ops/parity/parity") = require("../../../ops/parity/parity");
    const { table }: typeof import("../../../report/table") = require("../../../report/table");
    const { flyFrom }: typeof import("../../../ops/fly") = require("../../../ops/fly");
    const names = environments.length === 0 ? ["staging", "production"] : environments;
    const [first, second] = names;
    if (names.length !== 2 || first === second) {
      throw new Failure(
        `Name two environments, such as: npx infra parity staging production. Got: ${names.join(" ")}. [infra/parity-two]`,
      );
    }
    const { fly } = flyFrom(tools.env);
    io.progress("Reading the configuration");
    const stacks = chooseStacks(await synthesize(tools), names);
    io.progress(`Reading ${names.join(" and ")}`);
    const sides = await Promise.all(
      names.flatMap((name) => stacks.filter((stack) => stack.name === name)).map((stack) => readSide(fly, stack)),
    );
    io.progress("");
    const [left, right] = sides as [(typeof sides)[number], (typeof sides)[number]];
    const rows = compare(left, right);
    const differences = rows.filter(({ verdict }) => verdict === "differs");
    if (json) {
      io.out(
        JSON.stringify(
          {
            version: 1,
            command: "parity",
            left: left.environment,
            right: right.environment,
            differences: differences.length,
            rows,
          },
          null,
          2,
        ),
      );
    } else {
      const lines = rows.map(({ what, left: a, right: b, verdict }) => ({
        cells: [what, a, b, words[verdict]],
        ...(verdict === "differs" && { format: "yellow" as const }),
      }));
      io.out(table(["Compared", left.environment, right.environment, "Verdict"], lines, io.paint.out));
      for (const { what, action } of differences) io.say(`${what}: ${action}`);
    }
    return differences.length > 0 ? 2 : 0;
  },
});

const words = { same: "same", declared: "differs as declared", differs: "differs" } as const;
