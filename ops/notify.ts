/** Tells the recipients: runs the managed script `scripts/ops/notify.mjs` where this project has it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Interruption, runProcess } from "./process";

export interface Notice {
  /** One that the policy of the project knows: "override", "drift", ... */
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  /** More lines, by a name in capitals. */
  readonly details: Readonly<Record<string, string>>;
}

export interface NotifyOptions {
  /** Where the script stands: the project. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/** "absent": no script is here, so nobody was told by it. "failed": somebody got no notice; `says` names who. */
export interface Notified {
  readonly outcome: "sent" | "failed" | "absent";
  readonly says: string;
}

/** Sends one notice to every recipient of the configuration. */
export async function notify(
  { kind, summary, details }: Notice,
  { directory, env, interruption }: NotifyOptions,
): Promise<Notified> {
  const script = join(directory, "scripts", "ops", "notify.mjs");
  if (!existsSync(script)) {
    return { outcome: "absent", says: "This project has no scripts/ops/notify.mjs, so no e-mail was sent." };
  }
  const lines = Object.fromEntries(Object.entries(details).map(([name, value]) => [`NOTICE_${name}`, value]));
  const args = [script, "--kind", kind, "--summary", summary];
  const { code, stdout, stderr } = await runProcess(process.execPath, args, {
    directory,
    env: { ...env, ...lines },
    interruption,
  });
  return { outcome: code === 0 ? "sent" : "failed", says: `${stdout}${stderr}`.trim() };
}
