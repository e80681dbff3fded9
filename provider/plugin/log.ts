import { inspect } from "node:util";
import type { Progress } from "./service";

/** Writes a step to Terraform's log, where TF_LOG=info shows it. */
export function progress({ subject, message }: Progress): void {
  write("info", `${subject}: ${message}`);
}

/** Writes an error that is a bug to Terraform's log, with its stack. */
export function bug(error: unknown): void {
  write("error", inspect(error));
}

/** One line of JSON on standard error, as hashicorp/go-hclog writes and go-plugin reads it: six digits of a second. */
function write(level: "info" | "error", message: string): void {
  const at = new Date().toISOString().replace("Z", "000Z");
  const line = { "@level": level, "@message": message, "@module": "provider", "@timestamp": at };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
