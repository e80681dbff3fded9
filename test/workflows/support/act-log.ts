import { z } from "zod";

/** One line of act's log: what a reader needs of it. */
const line = z.object({
  msg: z.string(),
  job: z.string().optional(),
  jobID: z.string().optional(),
  jobResult: z.enum(["success", "failure", "skipped"]).optional(),
  command: z.string().optional(),
  name: z.string().optional(),
  arg: z.string().optional(),
  content: z.string().optional(),
  step: z.string().optional(),
  stepID: z.array(z.string()).optional(),
  raw_output: z.boolean().optional(),
});

/** One line of act's log. */
export type LogLine = z.infer<typeof line>;

/** act's output, line by line; what is not JSON is its own complaint and becomes a message. */
export const parseLog = (text: string): readonly LogLine[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((one) => (one.startsWith("{") ? line.parse(JSON.parse(one)) : { msg: one }));

/** How a job ended. A job that never began was skipped. */
export type JobResult = "success" | "failure" | "skipped";

/**
 * Results by job id. A job of a called workflow is "caller/job"; the caller failed when one of them did.
 *
 * @param jobs ids and names of the jobs of the workflow that ran
 */
export function jobResults(
  log: readonly LogLine[],
  workflowName: string,
  jobs: readonly { readonly id: string; readonly name: string }[],
): Readonly<Record<string, JobResult>> {
  const results: Record<string, JobResult> = Object.fromEntries(jobs.map(({ id }) => [id, "skipped"]));
  const note = (id: string, result: JobResult) => {
    if (results[id] !== "failure") results[id] = result;
  };
  for (const { job = "", jobID = "", jobResult } of log) {
    if (!jobResult) continue;
    const caller = job.startsWith(`${workflowName}/`) ? undefined : jobs.find(({ name }) => job.startsWith(`${name}/`));
    if (caller) note(`${caller.id}/${jobID}`, jobResult);
    note(caller?.id ?? jobID, jobResult);
  }
  return results;
}

/** What steps wrote to GITHUB_OUTPUT, as "job.step.name". */
export const stepOutputs = (log: readonly LogLine[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    log
      .filter(({ command, stepID }) => command === "set-output" && stepID?.length === 1)
      .map(({ jobID, stepID, name, arg = "" }) => [`${jobID}.${stepID?.[0]}.${name}`, arg]),
  );

/** What steps wrote to GITHUB_STEP_SUMMARY. */
export const summaries = (log: readonly LogLine[]): string =>
  log.flatMap(({ command, content }) => (command === "summary" ? [content ?? ""] : [])).join("");

/** What people would read: the steps' own output, and act's word on what failed. */
export const readable = (log: readonly LogLine[]): string =>
  log
    .filter(
      ({ raw_output, msg, command, job }) => raw_output || command === "error" || !job || /❌|^exit status/.test(msg),
    )
    .map(({ job, msg }) => `${job ? `[${job.trim()}] ` : ""}${msg.trimEnd()}`)
    .join("\n");
