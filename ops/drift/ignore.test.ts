import type { Finding, Ignore, Report, StackReport } from "../../report/model";
import { applyIgnores, covers } from "./ignore";

const now = Date.parse("2026-11-21T12:00:00Z");
const finding = (path: string, kind: Finding["kind"] = "field"): Finding => ({
  kind,
  address: "fly_x.a",
  path,
  text: "is 1",
});
const stack = (outcome: StackReport["outcome"], ...findings: readonly Finding[]): StackReport => ({
  stack: "production",
  outcome,
  resources: 1,
  findings,
  actions: {},
  troubles: [],
  notes: [],
});
const report = (one: StackReport): Report => ({ command: "drift", stacks: [one] });
const entry = (more: Partial<Ignore> = {}): Ignore => ({
  kind: "ignore",
  stack: "production",
  address: "fly_x.a",
  path: "one",
  reason: "load test",
  owner: "ann",
  until: "2026-11-21",
  ...more,
});

interface Row {
  readonly what: string;
  readonly given: StackReport;
  readonly ignores: readonly Ignore[];
  readonly outcome: StackReport["outcome"];
  /** Paths that are reported, and those that are let be. */
  readonly told: readonly string[];
  readonly letBe: readonly string[];
  readonly unused?: number;
}

const rows: readonly Row[] = [
  {
    what: "an entry holds on its last day, and what else is found is told",
    given: stack("differs", finding("one"), finding("two")),
    ignores: [entry()],
    outcome: "differs",
    told: ["two"],
    letBe: ["one"],
  },
  {
    what: "a stack is as declared when all its differences are let be, with what follows from them",
    given: stack("differs", finding("one"), finding("z", "follows")),
    ignores: [entry()],
    outcome: "same",
    told: [],
    letBe: ["one"],
  },
  {
    what: "a pending change can be known",
    given: stack("differs", finding("one", "pending")),
    ignores: [entry({ kind: "known", until: "2026-12-24" })],
    outcome: "same",
    told: [],
    letBe: ["one"],
  },
  {
    what: "an error stays an error",
    given: stack("error", finding("one")),
    ignores: [entry(), entry({ path: "never" })],
    outcome: "error",
    told: [],
    letBe: ["one"],
    unused: 0,
  },
  {
    what: "an entry of another stack or address covers nothing",
    given: stack("differs", finding("one")),
    ignores: [entry({ stack: "staging" }), entry({ address: "fly_x.b" })],
    outcome: "differs",
    told: ["one"],
    letBe: [],
    unused: 1,
  },
  {
    what: "an entry that nothing needs is named",
    given: stack("same"),
    ignores: [entry()],
    outcome: "same",
    told: [],
    letBe: [],
    unused: 1,
  },
];

test.each(rows)("$what", ({ given, ignores, outcome, told, letBe, unused = 0 }) => {
  const { stacks, unusedIgnores } = applyIgnores(report(given), ignores, now);
  const [one] = stacks;
  expect({
    outcome: one?.outcome,
    told: one?.findings.map(({ path }) => path),
    letBe: one?.ignored?.map((each) => each.finding.path),
    unused: unusedIgnores?.length,
  }).toEqual({ outcome, told, letBe, unused });
});

test.each([
  ["ignore", "is 1; was ignored until 2026-11-20 (ann: load test)"],
  ["known", "is 1; was to be repaired by 2026-11-20 (ann: load test)"],
] as const)("the day after, what was %s is told again and says so", (kind, text) => {
  const over = [entry({ kind, until: "2026-11-20" })];
  const [one] = applyIgnores(report(stack("differs", finding("one"))), over, now).stacks;
  expect(one).toMatchObject({ outcome: "differs", findings: [{ text }], ignored: [] });
});

test.each([
  ["one", "one", true],
  ["one", "one.two", false],
  ["app-ord-*", "app-ord-1 (9e6b)", true],
  ["*.memory_mb", "guest.memory_mb", true],
  ["services[0]", "services0", false],
  ["services[*].port", "services[0].port", true],
  ["", "", true],
  ["", "x", false],
])("path %j covers %j: %j", (path, live, expected) => {
  expect(covers(entry({ path }), finding(live))).toBe(expected);
});
