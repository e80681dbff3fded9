/** Who may step over the rules now, and who did. */
import type { RuleSuite } from "../../api/github";
import { harmless } from "../../report/harmless";
import type { Trouble } from "../../report/model";
import type { Scene } from "./aspect";
import type { Audit } from "./audit";
import { missing, type Observation } from "./observation";
import { isExpired, openOverrides, type RecordedOverride } from "./override-record";

/** The break-glass team is to have no members. Overrides that are open are differences until they are closed; bypasses of the week are warned of. */
export async function breakGlassAudit(scene: Scene): Promise<Audit> {
  const { github, repository, wanted } = scene;
  const [members, overrides, bypasses] = await Promise.all([
    github.teamMembers(wanted.owner, wanted.break_glass_team),
    openOverrides(repository),
    repository.bypasses("week"),
  ]);
  return {
    observations: [...teamObservations(scene, members, overrides), ...overrides.map((one) => ofOverride(one, scene))],
    troubles: bypassTroubles(bypasses),
  };
}

function teamObservations(
  { wanted }: Scene,
  members: readonly string[] | undefined,
  overrides: readonly RecordedOverride[],
): readonly Observation[] {
  const object = `team/${wanted.break_glass_team}`;
  if (members === undefined) {
    const text = `is missing, or this token may not see it (read:org); make it: gh api orgs/${wanted.owner}/teams -f name=${wanted.break_glass_team} -f privacy=closed`;
    return [missing(object, text)];
  }
  return members
    .filter((login) => !overrides.some((one) => one.login === login))
    .map((login) => ({
      kind: "undeclared",
      object,
      field: harmless(login),
      text: `may step over every rule, and no override is recorded; remove: gh api -X DELETE orgs/${wanted.owner}/teams/${wanted.break_glass_team}/memberships/${harmless(login)}`,
      left: true,
    }));
}

const ofOverride = (one: RecordedOverride, { now, wanted }: Scene): Observation => ({
  kind: "field",
  object: `team/${wanted.break_glass_team}`,
  field: `override/${harmless(one.rule)}`,
  text: harmless(
    `${isExpired(one, now) ? "expired" : "is open"}: ${one.login} may step over it, from ${one.from} until ${one.until}, because: ${one.reason} (${one.url}); close it: npx infra override close`,
  ),
  left: true,
});

function bypassTroubles(bypasses: readonly RuleSuite[]): readonly Trouble[] {
  if (bypasses.length === 0) return [];
  return [
    {
      severity: "warning",
      summary: `Rules were bypassed ${bypasses.length === 1 ? "once" : `${bypasses.length} times`} within a week`,
      detail: bypasses.map(bypassText).join("\n"),
    },
  ];
}

/** Who pushed what past the rules, and when. */
export const bypassText = ({ actor_name, ref, after_sha, pushed_at }: RuleSuite): string =>
  harmless(
    `${pushed_at ?? "some time"}: ${actor_name ?? "somebody"} pushed ${(after_sha ?? "").slice(0, 12)} to ${ref}`,
  );
