/** The Fly token: there, accepted, and fitting what this project declares. */
import type { TokenInfo } from "../../api/fly";
import type { Declared } from "../declared";
import type { Examined } from "./finding";

export interface TokenQuestion {
  readonly env: NodeJS.ProcessEnv;
  /** undefined: the project could not be synthesized, so nothing is known of what the token is for. */
  readonly declared: Declared | undefined;
  readonly signal: AbortSignal;
}

const NAME = "Fly token";

/** Asks Fly what the token covers and compares. One call, none without a token. */
export async function examineToken({ env, declared, signal }: TokenQuestion): Promise<readonly Examined[]> {
  const token = env.FLY_API_TOKEN || env.FLY_ACCESS_TOKEN;
  if (!token) {
    const organization = declared?.organizations[0] ?? "<organization>";
    return [
      {
        name: NAME,
        state: "fail",
        says: "FLY_API_TOKEN is not set",
        next: `For the real Fly: export FLY_API_TOKEN="$(fly tokens create readonly ${organization})" (plan, drift) or "fly tokens create org ${organization}" (apply). For the sandbox: eval "$(npx infra sandbox env)"`,
      },
    ];
  }
  const { addressesFrom, createFly, isLoopback }: typeof import("../../api/fly") = require("../../api/fly");
  const addresses = addressesFrom(env);
  const where = isLoopback(addresses.machinesUrl) ? `the sandbox at ${addresses.machinesUrl}` : addresses.machinesUrl;
  try {
    const fly = createFly({ ...addresses, token, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    return judge(await fly.tokens.current(), declared, where);
  } catch (error) {
    const says = `${where} did not accept it or did not answer: ${error instanceof Error ? error.message : String(error)}`;
    return [{ name: NAME, state: "fail", says, next: "Make a new one: fly tokens create org <organization>" }];
  }
}

/** What the token lacks, and what it has too much of. */
function judge(tokens: readonly TokenInfo[], declared: Declared | undefined, where: string): readonly Examined[] {
  const covered = [...new Set(tokens.flatMap(({ org_slug }) => org_slug ?? []))];
  const ok: Examined = {
    name: NAME,
    state: "ok",
    says: `${where} accepts it; it covers ${covered.join(", ") || "no organization"}`,
  };
  if (!declared) return [ok];
  const apps = tokens.flatMap(({ apps: some }) => some ?? []);
  const wholeOrganization = tokens.some(({ apps: some }) => !some || some.length === 0);
  const lacking = declared.organizations.filter((slug) => !covered.includes(slug));
  const spare = covered.filter((slug) => !declared.organizations.includes(slug));
  const outside = wholeOrganization ? [] : declared.apps.filter((app) => !apps.includes(app));
  return [
    ok,
    ...lacking.map(
      (slug): Examined => ({
        name: NAME,
        state: "fail",
        says: `lacks organization ${slug}, which the stacks name`,
        next: `fly tokens create org ${slug}`,
      }),
    ),
    ...outside.map(
      (app): Examined => ({
        name: NAME,
        state: "warn",
        says: `lacks app ${app}: its stack cannot be read with it`,
        next: `fly tokens create deploy -a ${app}`,
      }),
    ),
    ...spare.map(
      (slug): Examined => ({
        name: NAME,
        state: "warn",
        says: `has too much: it also covers organization ${slug}, which no stack names`,
        next: `Use one of a single organization: fly tokens create org ${declared.organizations[0] ?? "<organization>"}`,
      }),
    ),
    ...(tokens.some(({ user }) => user) && wholeOrganization && spare.length > 0
      ? [
          {
            name: NAME,
            state: "warn",
            says: "is a person's own token, good for everything that person may do",
          } satisfies Examined,
        ]
      : []),
  ];
}
