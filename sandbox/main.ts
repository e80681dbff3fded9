import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSandbox } from "./index";

/**
 * The sandbox as a process: `main.ts [--port N] [--state FILE] [--seed FILE] [--instance FILE] [--limits fly|off]`.
 * Prints one line of JSON when it is ready, `{"url", "pid"}`, and stops on SIGTERM or SIGINT.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      state: { type: "string" },
      seed: { type: "string" },
      instance: { type: "string" },
      limits: { type: "string", default: "fly" },
    },
  });
  const sandbox = createSandbox({
    ...(values.seed && { seed: JSON.parse(readFileSync(values.seed, "utf8")) }),
    ...(values.state && { stateFile: values.state }),
    limits: values.limits === "off" ? "off" : "fly",
  });
  const { url, close } = await sandbox.listen(Number(values.port));
  const line = JSON.stringify({ url, pid: process.pid });
  if (values.instance) {
    writeFileSync(`${values.instance}.new`, `${line}\n`);
    renameSync(`${values.instance}.new`, values.instance);
  }
  process.stdout.write(`${line}\n`);
  const stop = async () => {
    await close();
    sandbox.close();
    if (values.instance) rmSync(values.instance, { force: true });
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
