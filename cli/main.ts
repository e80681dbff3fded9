/** The process entry of `infra`. */
import { commands } from "./commands";
import { createIo } from "./io";
import { run } from "./program";
import { realTools } from "./tools";

// A reader that has gone (`| head`, a closed window) is no reason to leave an apply half done.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

void run(process.argv.slice(2), commands, realTools(), createIo(process, process.env)).then((code) => {
  process.exitCode = code;
});
