import type { Fault } from "../../sandbox/fault";
import { applyTwice, expectClearError, expectFinished, wholeApp } from "./whole-app";
import { type Configuration, token, type Workshop } from "./workshop";

/** Something that is wrong at the first apply and right at the second. */
interface Row {
  readonly when: string;
  readonly id: string;
  /** What to do, as the message says it. */
  readonly next: RegExp;
  /** Applied first, without trouble. */
  readonly before?: Configuration;
  readonly configuration?: Configuration;
  trouble(workshop: Workshop): unknown;
  readonly relief?: (workshop: Workshop) => unknown;
  /** What is then on Fly and not in the state, and the words that say so; absent: they agree. */
  readonly apart?: { readonly objects: readonly string[]; readonly says: RegExp };
}

const faults =
  (...list: readonly Fault[]) =>
  ({ sandbox }: Workshop) =>
    sandbox.control.setFaults(list);
const env = (set: Readonly<Record<string, string>>) => (workshop: Workshop) => Object.assign(workshop.env, set);
const withToken = (value: string) => env({ FLY_API_TOKEN: value });
/** Back to the sandbox and its token. */
const home = (workshop: Workshop) => env({ FLY_API_TOKEN: token, FLY_FLAPS_BASE_URL: workshop.url })(workshop);
const quota = (most: number | undefined) => (workshop: Workshop) =>
  Object.assign(workshop.sandbox.control.state().organizations.get("hotdash") ?? {}, { quota: most });
const full =
  (on: boolean) =>
  ({ sandbox }: Workshop) =>
    sandbox.control.tamper({ kind: "region-full", region: "lhr", on });

const rows: readonly Row[] = [
  {
    when: "there is no token",
    id: "fly/token-missing",
    next: /export FLY_API_TOKEN=/,
    trouble: withToken(""),
    relief: home,
  },
  {
    when: "the token is wrong",
    id: "fly/token-refused",
    next: /fly auth whoami/,
    trouble: withToken("fo1_nobody"),
    relief: home,
  },
  {
    when: "the token may only read",
    id: "fly/token-scope",
    next: /fly tokens create org/,
    trouble: withToken("fo1_sandbox_readonly"),
    relief: home,
  },
  {
    when: "another organization has an app of that name",
    id: "fly/name-taken",
    next: /Choose another name/,
    trouble: (workshop) => foreignApp(workshop, "POST", "/v1/apps", { name: "shop", org_slug: "other-org" }),
    relief: (workshop) => foreignApp(workshop, "DELETE", "/v1/apps/shop"),
  },
  {
    when: "the region does not exist",
    id: "fly/region",
    next: /did you mean "lhr"/,
    configuration: wholeApp({ region: "lhrr" }),
    trouble: () => {},
    relief: (workshop) => workshop.write(wholeApp()),
  },
  {
    when: "the region has no room",
    id: "fly/no-capacity",
    next: /take another region, or a smaller guest/,
    trouble: full(true),
    relief: full(false),
  },
  {
    when: "the organization may have no more machines",
    id: "fly/quota",
    next: /ask Fly to raise the limit/,
    apart: { objects: ["volume data is on Fly only"], says: /Volumes made: vol_\w+ \(data in lhr\)/ },
    trouble: quota(1),
    relief: quota(undefined),
  },
  {
    when: "nothing listens where Fly should be",
    id: "fly/unreachable",
    next: /Check the network and FLY_FLAPS_BASE_URL/,
    trouble: env({ FLY_FLAPS_BASE_URL: "http://127.0.0.1:9" }),
    relief: home,
  },
  {
    when: "Fly is the real one and the state is a file",
    id: "fly/local-state",
    next: /state\.allowLocal/,
    trouble: env({ FLY_FLAPS_BASE_URL: "https://api.machines.dev" }),
    relief: home,
  },
  {
    when: "Fly is somewhere without encryption",
    id: "fly/plain-http",
    next: /https/,
    trouble: env({ FLY_FLAPS_BASE_URL: "http://192.0.2.1" }),
    relief: home,
  },
  {
    when: "every read is answered 429",
    id: "fly/rate-limited",
    next: /Fly asks to wait 60 s.*Wait a minute/s,
    trouble: faults({ match: { method: "GET" }, effect: { status: 429, headers: { "retry-after": "60" } } }),
  },
  {
    when: "writes are answered 429 from some point on",
    id: "fly/rate-limited",
    next: /This was not done\..*Wait a minute/s,
    trouble: faults({
      match: { method: "POST", path: "/(volumes|machines|certificates/acme)$" },
      effect: { status: 429, headers: { "retry-after": "60" } },
    }),
  },
  {
    when: "Fly fails at every write below the app",
    id: "fly/unavailable",
    next: /status\.flyio\.net/,
    apart: { objects: ["secret API_KEY is in the state only"], says: /may have been done all the same/ },
    trouble: faults({ match: { method: "POST", path: "^/v1/apps/shop/" }, effect: { status: 503 } }),
  },
  {
    when: "a read is answered with half a JSON",
    id: "fly/malformed",
    next: /curl -i \$FLY_FLAPS_BASE_URL/,
    trouble: faults({ match: { method: "GET", path: "/apps/shop" }, effect: { garbage: true } }),
  },
  {
    when: "a proxy answers every write with a page",
    id: "fly/unavailable",
    next: /no JSON/,
    trouble: faults({ match: { method: "POST" }, effect: { status: 502, body: "<html>Bad gateway</html>" } }),
  },
  {
    when: "the answer to a create is half a JSON",
    id: "fly/malformed",
    next: /curl -i \$FLY_FLAPS_BASE_URL/,
    apart: { objects: ["volume data is on Fly only"], says: /Volumes made: vol_\w+ \(data in lhr\)/ },
    trouble: faults({ match: { method: "POST", path: "/machines$" }, effect: { garbage: true } }),
  },
  {
    when: "the image does not exist",
    id: "fly/refused",
    next: /manifest unknown/,
    configuration: wholeApp({ image: "registry.fly.io/shop:missing" }),
    apart: { objects: ["volume data is on Fly only"], says: /Volumes made: vol_\w+ \(data in lhr\)/ },
    trouble: () => {},
    relief: (workshop) => workshop.write(wholeApp()),
  },
  {
    when: "the program in the image crashes",
    id: "fly/rollout-failed",
    next: /Correct the configuration or the image/,
    before: wholeApp(),
    configuration: wholeApp({ image: "registry.fly.io/shop:crash" }),
    trouble: () => {},
    relief: (workshop) => workshop.write(wholeApp()),
  },
];

describe("an apply ends in a clear error, and the next one finishes", () => {
  test.concurrent.each(rows)("when $when [$id]", async ({ id, next, apart, ...course }) => {
    // Where the environment is what is wrong, Terraform starts the provider in it.
    const outcome = await applyTwice({ ...course, hosted: course.relief !== home });
    expect(outcome.first.code).toBe(1);
    expectClearError(outcome.first.text, { id, next });
    expect(outcome.disagreements).toEqual(apart?.objects ?? []);
    if (apart) expect(outcome.first.text.replace(/\s+/g, " ")).toMatch(apart.says);
    expectFinished(outcome);
  });
});

test.concurrent("an apply lives through a short storm of 429", async () => {
  const storm = { match: {}, times: 3, effect: { status: 429, headers: { "retry-after": "0" } } } as const;
  const outcome = await applyTwice({ hosted: true, trouble: faults(storm) });
  expect(outcome.first).toMatchObject({ code: 0 });
  expectFinished(outcome);
});

async function foreignApp({ url }: Workshop, method: string, path: string, body?: object): Promise<void> {
  const headers = { authorization: "Bearer fo1_sandbox_other" };
  const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(response.ok).toBe(true);
}
