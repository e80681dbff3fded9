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
  const { addressesFrom, createFly, FlyError, isLoopback }: typeof import("../../api/fly") = require("../../api/fly");
  const addresses = addressesFrom(env);
  const fail = (says: string, next: string): readonly Examined[] => [{ name: NAME, state: "fail", says, next }];
  let fly: ReturnType<typeof createFly>;
  try {
    fly = createFly({ ...addresses, token, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  } catch (error) {
    return fail(
      `is not used: ${wordsOf(error)}`,
      "Correct or unset FLY_FLAPS_BASE_URL, FLY_API_BASE_URL, FLY_UIEX_BASE_URL",
    );
  }
  const local = isLoopback(addresses.machinesUrl);
  const where = local ? `the sandbox at ${addresses.machinesUrl}` : addresses.machinesUrl;
  try {
    return judge(await fly.tokens.current(), declared, where);
  } catch (error) {
    if (error instanceof FlyError && error.status !== undefined) {
      return fail(
        `${where} does not accept it: ${error.message}`,
        "Make a new one: fly tokens create org <organization>",
      );
    }
    const next = local
      ? 'Start the sandbox and point this shell at it: npx infra sandbox start, then eval "$(npx infra sandbox env)"'
      : "Look at the network and at FLY_FLAPS_BASE_URL";
    return fail(
      `not judged: ${where} does not answer (${error instanceof FlyError ? error.flyMessage : wordsOf(error)})`,
      next,
    );
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
