import type { Diagnostic as WireDiagnostic } from "../plugin/tfplugin6";
import { type Value, whollyKnown } from "../plugin/value";
import type { Attributes } from "./attribute";
import type { Misfit } from "./conform";
import type { Diagnostic } from "./definition";
import { pathText, wirePath } from "./path";
import type { Surprise } from "./spelling";

/** A diagnostic in the form that Terraform prints, its path told by the schema that it points into. */
export function wireDiagnostic(
  attributes: Attributes,
  { severity, summary, detail, path }: Diagnostic,
): WireDiagnostic {
  const wire = { severity: severity === "warning" ? "WARNING" : "ERROR", summary, detail } as const;
  return path && path.length > 0 ? { ...wire, attribute: wirePath(attributes, path) } : wire;
}

/**
 * The diagnostic of an error that nobody expected: a bug of ours.
 *
 * The message of an error is told only where the language made it. Errors with properties of their own (`cmd`, `stderr`,
 * `response`) and those of parsers quote what they were given, which may be a secret.
 */
export function bug(error: unknown, during: string): Diagnostic {
  const { name, message, frames } = tellable(error);
  return {
    summary: "The provider has a bug",
    detail: `It failed in ${during} with ${name}${message && `: ${message}`}. Nothing else is known about what was done; the next plan reads it afresh.
Please report this with the lines below. [provider/bug]
${frames}`,
  };
}

/** The diagnostic of a handler that returned something its own attributes do not allow. */
export function wrongShape(attributes: Attributes, misfits: readonly Misfit[], during: string): Diagnostic {
  const lines = misfits.map(
    ({ path, got, wanted }) => `  ${pathText(attributes, path) || "result"}: ${wanted} is declared, got ${got}`,
  );
  return {
    summary: "The provider has a bug",
    detail: `The result of ${during} has not the shape that is declared:
${lines.join("\n")}
Please report this. [provider/wrong-shape]`,
  };
}

/** The warning about what an apply left different from its plan. */
export function notAsPlanned(attributes: Attributes, { path, planned, actual, sensitive }: Surprise): Diagnostic {
  const name = pathText(attributes, path);
  const values = sensitive
    ? `${name} is not as planned after the apply (its value is sensitive)`
    : `${name} was planned as ${tell(planned)} and is ${tell(actual)} after the apply`;
  return {
    severity: "warning",
    summary: `${name} is not as planned`,
    detail: `${values}. The state keeps what was planned, so that the next plan shows the difference. [provider/not-as-planned]`,
    path,
  };
}

function tell(value: Value): string {
  return whollyKnown(value) ? JSON.stringify(value) : "partly known";
}

function tellable(error: unknown): { name: string; message: string; frames: string } {
  if (!(error instanceof Error)) return { name: `a thrown ${typeof error}`, message: "", frames: "" };
  const plain = Object.keys(error).length === 0 && error.cause === undefined && !(error instanceof SyntaxError);
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return { name: error.name, message: plain ? error.message : "", frames: frames.join("\n") };
}
