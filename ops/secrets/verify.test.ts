import { problemsOf, type SecretStore } from "./verify";

const now = Date.parse("2026-11-21T00:00:00Z");
const store = (more: Partial<SecretStore>): SecretStore => ({
  name: "Fly shop",
  declared: ["A", "SHOPIFY_*"],
  live: [{ name: "A", changedAt: "2026-11-01T00:00:00Z" }],
  rotationDays: 90,
  set: (name) => `set ${name}`,
  remove: (name) => `unset ${name}`,
  ...more,
});
const found = (more: Partial<SecretStore>) =>
  problemsOf(store(more), now).map(({ name, problem, text }) => `${name} ${problem}: ${text}`);

test.each<[string, Partial<SecretStore>, readonly string[]]>([
  ["nothing where all is as declared", {}, []],
  ["one that is missing", { live: [] }, ["A missing: is missing; give it: set A"]],
  ["nothing of a group without members", { declared: ["A", "ZOHO_*"] }, []],
  [
    "nothing of a member of a group",
    {
      live: [
        { name: "A", changedAt: undefined },
        { name: "SHOPIFY_KEY", changedAt: undefined },
      ],
    },
    [],
  ],
  [
    "one that nobody declared",
    {
      live: [
        { name: "A", changedAt: undefined },
        { name: "OLD", changedAt: undefined },
      ],
    },
    ["OLD undeclared: nobody declared it; declare it, or remove it: unset OLD"],
  ],
  [
    "one over its age",
    { live: [{ name: "A", changedAt: "2026-08-01T00:00:00Z" }] },
    ["A over age: is 112 days old, and 90 are allowed; make a new value: set A"],
  ],
  ["nothing at the very age", { live: [{ name: "A", changedAt: "2026-08-23T00:00:00Z" }] }, []],
])("names %s", (_what, more, expected) => {
  expect(found(more)).toEqual(expected);
});
