/** The process entry of `infra`. */
import { commands } from "./commands";
import { createIo } from "./io";
import { run } from "./program";
import { realTools } from "./tools";

void run(process.argv.slice(2), commands, realTools(), createIo(process, process.env)).then((code) => {
  process.exitCode = code;
});
