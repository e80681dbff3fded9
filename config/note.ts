import type { EnvironmentName } from "./configuration-rule";
import type { Configuration, Environment } from "./schema";

/**
 * What the configuration wants of a stack and Fly cannot hold, each as a sentence that says what happens instead. `infra plan` prints them
 * as notes: they are no differences and no apply repairs them.
 */
export function notes(config: Configuration, name: EnvironmentName): string[] {
  const environment = config.environments[name];
  if (!environment) return [];
  const { failuresBeforeRestart, idleBeforeStop, scaling, emailNotices, ...rest } = environment.beyondFly ?? {};
  const all = [
    failuresBeforeRestart !== undefined && restartNote(environment, failuresBeforeRestart),
    idleBeforeStop !== undefined &&
      `Sleep after ${idleBeforeStop} without requests is a target: Fly looks for idle machines every few minutes and has no setting for the time.`,
    scaling &&
      `Scaling over ${scaling.cpuPercent}% CPU and ${scaling.memoryPercent}% memory: Fly's proxy knows neither, it starts and stops the machines of the pool by load on concurrency. It needs the metrics-based autoscaler as one more private app.`,
    emailNotices &&
      "Fly's e-mail notices are to be on: Fly has no API for them. Switch them on by hand in the organization's settings on fly.io.",
    rest.automaticRollback &&
      "Automatic rollback: a change by this program undoes itself; `flyctl deploy` leaves a failed release as it is, and the deployment workflow rolls it back.",
    rest.maxResponseMs !== undefined &&
      `Answers within ${rest.maxResponseMs} ms are accepted: Fly's check has a timeout of its own and no limit like this.`,
    rest.healthBody &&
      `The health path is to answer with ${rest.healthBody.join(" and ")}: Fly's check looks at the status alone.`,
    rest.mailbox !== undefined && `The mailbox ${rest.mailbox} is set inside Chatwoot, not on Fly.`,
    ...(name === "chatwoot" ? [] : secretNotes(config)),
  ];
  return all.filter((note) => typeof note === "string");
}

function restartNote({ groups }: Environment, failures: number): string {
  const checks = Object.values(groups).flatMap(({ services = [] }) =>
    services.flatMap(({ checks: each = [] }) => each),
  );
  const http = checks.find(({ type }) => type === "http");
  const seconds = http && Number.parseInt(http.interval, 10) * failures;
  const after = seconds ? ` (${seconds} s)` : "";
  return `Restart after ${failures} failed checks in a row${after}: Fly restarts no machine on a failed check. The value is for the alert that does; the restart policy covers processes that exit.`;
}

function secretNotes({ secrets: { groups, expectedCount } }: Configuration): string[] {
  const open = Object.entries(groups).flatMap(([group, names]) => (names.length === 0 ? [group] : []));
  const count = Object.values(groups).flat().length;
  if (open.length > 0) {
    return [
      `Secrets: ${count} of ${expectedCount} expected names are declared and ${open.join(", ")} has none yet; write them under secrets.groups (live names: fly secrets list --app <app>).`,
    ];
  }
  if (count === expectedCount) return [];
  return [`Secrets: ${expectedCount} names are expected (secrets.expected_count) and the groups declare ${count}.`];
}
