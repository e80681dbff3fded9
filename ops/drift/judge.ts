/** Says of each finding what the drift report says beside what differs: its id, how much it matters, and what can be done; pure but for the stack's JSON. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Finding, StackReport, Trouble } from "../../report/model";
import { bySeverity, severityOf } from "../../report/severity";
import type { Stack } from "../project";
import { remediesOf } from "./remedy";

/** The report with every finding judged, the worst first. `now`: Unix ms. */
export function judge(report: StackReport, stack: Stack, now: number): StackReport {
  const appOf = appsIn(stack);
  const aged = agedSecrets(report.troubles, now);
  const findings = [...report.findings, ...aged].map((finding): Finding => {
    if (finding.kind === "follows") return finding;
    const id = idOf(report.stack, finding);
    const remedies = remediesOf(finding, id, { stack: report.stack, app: appOf(finding.address), now });
    return { ...finding, id, ...severityOf(finding, report.actions), remedies };
  });
  const outcome = report.outcome === "same" && aged.length > 0 ? "differs" : report.outcome;
  const troubles = report.troubles.filter((one) => secretsIn(one).length === 0);
  return { ...report, outcome, findings: bySeverity(findings), troubles };
}

/** Eight characters, the same in every run for one stack, address and path. */
const idOf = (stack: string, { address, path }: Finding): string =>
  createHash("sha256").update([stack, address, path].join("\0")).digest("hex").slice(0, 8);

/** A secret over its age is a warning of a plan and a finding of the drift report. */
function agedSecrets(troubles: readonly Trouble[], now: number): readonly Finding[] {
  return troubles.flatMap((one) =>
    secretsIn(one).map(([name, day]): Finding => {
      const days = Math.floor((now - Date.parse(day)) / 86_400_000);
      const text = `is ${days} days old (${one.summary}); make a new value at its issuer`;
      return {
        kind: "field",
        address: one.address ?? "fly_secrets",
        path: `${name} age_days`,
        text,
        left: true,
        is: days,
      };
    }),
  );
}

/** Name and day of the last write of each secret that a plan's warning names; none for any other trouble. */
function secretsIn({ detail }: Trouble): readonly (readonly [name: string, day: string])[] {
  if (!detail.includes("[fly/secret-age]")) return [];
  return [...detail.matchAll(/(\w+) \((\d{4}-\d\d-\d\d)\)/g)].map(([, name = "", day = ""]) => [name, day]);
}

/** The Fly app that a resource of a stack belongs to, by its address. */
export function appsIn({ directory }: Stack): (address: string) => string | undefined {
  const { resource } = stackJson.parse(JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8")));
  return (address) => {
    const [type = "", id = ""] = address.replace(/\[.*\]$/, "").split(".");
    const { app, name } = resource[type]?.[id] ?? {};
    if (!type.startsWith("fly_")) return undefined;
    const reference = /^\$\{fly_app\.([\w-]+)\.(?:name|id)\}$/.exec(app ?? "")?.[1];
    return reference === undefined ? (app ?? name) : resource.fly_app?.[reference]?.name;
  };
}

const named = z.object({ app: z.string().optional().catch(undefined), name: z.string().optional().catch(undefined) });
const stackJson = z.object({ resource: z.record(z.string(), z.record(z.string(), named)).default({}) });
