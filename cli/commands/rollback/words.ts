/** What a rollback says: before it, and after. */
import type { Archive } from "../../../ops/rollback/archive";
import type { Done, Intended } from "../../../ops/rollback/perform";
import type { Recorded } from "../../../ops/rollback/record";

/** What would be done. */
export function planText({ plan: { target, versions, to, changing, there }, archive }: Intended): string {
  const running = versions.find(({ standing }) => standing === "runs");
  const name = (version: number | undefined, image: string) =>
    version === undefined ? image : `release ${version}, ${image}`;
  return [
    `Rollback of ${target.environment} (${target.app})`,
    `  from  ${running ? name(running.version, running.image) : "what its machines run now"}`,
    `  to    ${archive ? builtText(archive) : name(to.version, to.image)}`,
    ...changing.map(
      (machine) => `  machine ${machine.name} (${machine.id}) in ${machine.region}: gets the image and restarts`,
    ),
    ...there.map((machine) => `  machine ${machine.name} (${machine.id}) in ${machine.region}: runs it already`),
    "  The data stays as it is.",
  ].join("\n");
}

const builtText = ({ version, name, sha256 }: Archive): string =>
  `${version}, of which Fly has no image: built anew from ${name} of its release (SHA-256 ${sha256.slice(0, 12)}…, proven)`;

/** How it ended, and what to type next where it did not end well. */
export function endText({ plan: { target, to }, outcome: end }: Done, record: Recorded): string {
  const { environment, app } = target;
  const { outcome, healthyMs, watched, reason, release } = end;
  const again = `npx infra rollback ${environment}`;
  const seconds = Math.round(healthyMs / 1000);
  switch (outcome) {
    case "rolled-back": {
      const asked =
        watched && watched.requests > 0 ? `; ${watched.requests} requests, ${watched.failedRequests} failed` : "";
      const users = record.errorPercent === null ? "" : `; ${record.errorPercent}% errors of users by Fly's metrics`;
      const late = seconds > record.limitSeconds ? ` That is over the limit of ${record.limitSeconds} s.` : "";
      return `${environment} runs ${to.image} since ${seconds} s after the start, recorded as release ${release}${asked}${users}; database ${record.database}.${late}`;
    }
    case "restored":
      if (end.isImageLost)
        return `${environment} was not rolled back: the registry has no ${to.image} any more. Nothing was changed.\n${reason}\nChoose another release: npx infra releases ${environment} [infra/image-lost]`;
      return `${environment} was not rolled back: what ran before runs again.\n${reason}\nChoose another release: npx infra releases ${environment} [infra/rollback-restored]`;
    case "broken":
      return `${environment} is NOT as before and not rolled back.\n${reason}\nLook at it: fly status -a ${app}; then: ${again} --to <release> [infra/rollback-broken]`;
    case "stopped":
      return `Stopped on the way.\n${reason}\nFinish it: ${again}${to.version === undefined ? ` --to ${to.image}` : ` --to ${to.version}`}`;
  }
}
