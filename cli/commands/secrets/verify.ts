import { defineCommand, shared } from "../../define-command";

export const secretsVerify = defineCommand({
  name: "secrets verify",
  summary: "Say which secrets are missing, undeclared or over their age, on Fly and on GitHub; names and times only.",
  details:
    "Values are not read, and cannot be. Read-only tokens are enough. A store without its token is an error, never taken for empty.",
  positionals: { stacks: { doc: "Stacks to look at. Left out: all.", many: true } },
  options: { stack: shared.stack, json: shared.json },
  exitCodes: { 0: "every declared secret is there, none is undeclared or too old", 2: "something is to be done" },
  examples: ["secrets verify", "secrets verify production github --json"],
  async run({ stacks: names, stack, json }, tools, io) {
    const { problemsOf }: typeof import("../../../ops/secrets/verify") = require("../../../ops/secrets/verify");
    const { readPlaces }: typeof import("./places") = require("./places");
    const { places: stores } = await readPlaces([...names, ...stack], tools, io);
    io.progress("");
    const problems = stores.flatMap((store) => problemsOf(store, tools.now()));
    if (json) {
      const counted = stores.map(({ name, declared, live }) => ({
        name,
        declared: declared.length,
        live: live.length,
      }));
      io.out(JSON.stringify({ version: 1, command: "secrets verify", stores: counted, problems }, null, 2));
    } else {
      const width = Math.max(...stores.map(({ name }) => name.length), 0);
      for (const { name, live } of stores) {
        const own = problems.filter(({ store }) => store === name);
        const verdict =
          own.length === 0 ? io.paint.out("green", "as declared") : io.paint.out("yellow", `${own.length} to do`);
        io.out(`${name.padEnd(width)}  ${live.length} secrets, ${verdict}`);
        for (const { name: secret, text } of own) io.out(`  ${secret}: ${text}`);
      }
    }
    return problems.length > 0 ? 2 : 0;
  },
});
