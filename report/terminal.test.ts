import { exitCodeOf, type Report, type StackReport } from "./model";
import { plain } from "./paint";
import { closing, notesText, stacksText, stackTable } from "./terminal";

const stack = (part: Partial<StackReport>): StackReport => ({
  stack: "production",
  outcome: "differs",
  resources: 5,
  findings: [],
  actions: {},
  troubles: [],
  notes: [],
  ...part,
});

const drifted = stack({
  findings: [
    {
      kind: "field",
      address: "fly_process_group.app",
      path: "app-ord-1 (148e0f)",
      text: "guest.memory_mb is 512, declared 2048",
    },
    {
      kind: "undeclared",
      address: "fly_app_inventory.rest",
      path: "secret/OLD",
      text: "nobody declared it",
      left: true,
    },
    { kind: "pending", address: "fly_process_group.app", path: "env.LEVEL", text: '"info" -> "debug"' },
    { kind: "pending", address: "fly_volume.data", path: "", text: "not there yet; apply makes it" },
    { kind: "follows", address: "fly_ip_address.v4", path: "address", text: '"1.2.3.4" -> (known after apply)' },
  ],
  actions: { "fly_ip_address.v4": "replace" },
  troubles: [
    { severity: "warning", summary: "A secret is old", detail: "KEY is 120 days old.\nSet it anew.", path: "status" },
  ],
  notes: ["the 5 minutes of idle time are a target"],
});
const same = stack({ stack: "staging", outcome: "same" });
const unread = stack({
  stack: "chatwoot",
  outcome: "error",
  troubles: [{ severity: "error", summary: "Fly \u001b[31mrefused", detail: "403", address: "fly_app.app" }],
});
const wording = { paint: plain, columns: undefined, program: "npx infra" };
const report = (...stacks: readonly StackReport[]): Report => ({ command: "plan", stacks });

test("a stack that differs tells drift and pending changes apart", () => {
  expect(stacksText([drifted], wording)).toBe(`production: 2 differences by drift, 2 pending changes (5 resources)

  Drift: Fly differs from what was last applied
    fly_process_group.app
      app-ord-1 (148e0f)  guest.memory_mb is 512, declared 2048
    fly_app_inventory.rest
      secret/OLD  nobody declared it

  Pending: the configuration differs from what was last applied
    fly_process_group.app
      env.LEVEL  "info" -> "debug"
    fly_volume.data  not there yet; apply makes it

  Follows from the above
    fly_ip_address.v4  (must be replaced: destroyed and made anew)
      address  "1.2.3.4" -> (known after apply)

  Warning: A secret is old
    with status
    KEY is 120 days old.
    Set it anew.`);
});

test("all stacks side by side, with one verdict each", () => {
  expect(stackTable(report(drifted, same, unread), wording)).toBe(`Stack       Resources  Drift  Pending  Verdict
production          5      2        2  drift
staging             5      0        0  as declared
chatwoot            ?      ?        ?  could not be read`);
});

test("an error is told without its escape sequences", () => {
  expect(stacksText([unread], wording)).toBe(`chatwoot: could not be read in full

  Error: Fly \\u{1b}[31mrefused
    with fly_app.app
    403`);
});

test("the end says what to type, and only where there is something to do", () => {
  expect(closing(report(same), wording)).toEqual(["", "Nothing was changed."]);
  expect(closing(report(drifted, same), wording)).toEqual([
    "",
    "Undo the drift: npx infra apply production",
    "What nobody declared is left as it is; apply then names what to type to remove it.",
    "Keep it: write what was found into the configuration and plan again.",
    "Nothing was changed.",
  ]);
});

test("what is only undeclared is not undone by an apply, what is only gone cannot be kept", () => {
  const only = (kind: "undeclared" | "missing", left: boolean) =>
    closing(report(stack({ findings: [{ kind, address: "fly_app.app", path: "", text: "", left }] })), wording);
  expect(only("undeclared", true)).not.toContainEqual(expect.stringContaining("Undo"));
  expect(only("missing", false)).toEqual(["", "Undo the drift: npx infra apply production", "Nothing was changed."]);
});

test("an error that several stacks share is told once, and stacks without a difference take one line each", () => {
  const error = unread.troubles;
  const two = stacksText([same, unread, stack({ stack: "preview", outcome: "error", troubles: error })], wording);
  expect(two.match(/refused/g)).toHaveLength(1);
  expect(two).toContain("chatwoot, preview: could not be read in full");
  expect(stacksText([same, { ...same, stack: "other" }], wording)).toBe(
    "staging: as declared (5 resources)\nother: as declared (5 resources)",
  );
});

test("resources as a whole stand in two columns", () => {
  const whole = (address: string) => ({ kind: "pending", address, path: "", text: "is declared" }) as const;
  expect(stacksText([stack({ findings: [whole("fly_app.a"), whole("fly_secrets.a")] })], wording)).toContain(
    "    fly_app.a      is declared\n    fly_secrets.a  is declared",
  );
});

test("a note is told once, with the stacks that want it where not all do", () => {
  const [one, two] = [stack({ notes: ["both", "first"] }), stack({ stack: "staging", notes: ["both"] })];
  expect(notesText([one, two], wording)).toBe(
    "  Notes: wanted, and not something the platform can hold\n    both\n    production: first",
  );
  expect(notesText([unread, same], wording)).toBeUndefined();
});

test("an unread stack weighs more than a difference", () => {
  expect([exitCodeOf(report(same)), exitCodeOf(report(same, drifted)), exitCodeOf(report(drifted, unread))]).toEqual([
    0, 2, 1,
  ]);
});

test("what can hurt stands before everything else", () => {
  const dangers = [
    { kind: "data loss", address: "fly_volume.data", text: "its data is gone" },
    { kind: "destroy", address: "fly_volume.data", text: "data is destroyed" },
  ] as const;
  const [, ...lines] = stacksText([{ ...drifted, dangers }], wording).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "",
    "  Dangers: what an apply of this would do",
    "    data loss  fly_volume.data: its data is gone",
    "    destroy    fly_volume.data: data is destroyed",
  ]);
});
