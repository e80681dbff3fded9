import type { Machine } from "../../api/fly";
import { mostUnavailable } from "./availability";
import type { Change, NewMachine, Update } from "./change";
import { stagesOf } from "./plan";

const machine = (id: string, more: Partial<Machine> = {}): Machine => ({
  id,
  name: id,
  state: "started",
  region: "ord",
  instance_id: "1",
  config: {},
  ...more,
});
const by: NewMachine = { name: "new", region: "ord", config: async () => ({}), fits: () => false };
const update = (id: string, { launch = true, ...more }: Partial<Machine> & { launch?: boolean } = {}): Update => ({
  kind: "update",
  machine: machine(id, more),
  config: () => ({}),
  fits: () => false,
  launch,
});
const remove = (id: string): Change => ({ kind: "remove", machine: machine(id) });
const create: Change = { kind: "create", by };
const replace = (id: string): Change => ({ kind: "replace", machine: machine(id), by });

/** "update a" or "create new", lanes joined by "+", with how many at once. */
function shown(changes: readonly Change[], unavailable = 2, strategy: "rolling" | "immediate" = "rolling"): string[] {
  const name = (change: Change) => `${change.kind} ${"machine" in change ? change.machine.id : change.by.name}`;
  return stagesOf(strategy, changes, unavailable).map(({ lanes, wait }) =>
    [
      ...lanes.map((lane) => `${lane.changes.map(name).join(", ")} (${lane.parallel})`),
      ...(wait ? [] : ["no wait"]),
    ].join(" + "),
  );
}

describe("the order of a rolling change", () => {
  it.each([
    [
      "one alone, then the rest few at a time",
      [update("c"), update("a"), update("b")],
      ["update a (1)", "update b, update c (2)"],
    ],
    ["a new machine tries the config first", [create, update("a")], ["create new (1)", "update a (2)"]],
    ["new machines alone need no try", [create, create], ["create new, create new (Infinity)"]],
    [
      "one that serves nobody tries before one that serves",
      [update("a"), update("b", { state: "failed" })],
      ["update b (1)", "update a (2)"],
    ],
    ["a cordoned one serves nobody", [update("a"), update("b", { cordoned: true })], ["update b (1)", "update a (2)"]],
    [
      "sleeping ones wait for the first and then go all at once",
      [update("a"), update("b"), update("s", { launch: false, state: "stopped" })],
      ["update a (1)", "update s (30) + update b (2)"],
    ],
    [
      "a machine in the stead of another counts like an update",
      [replace("a"), replace("b")],
      ["replace a (1)", "replace b (2)"],
    ],
    [
      "what came to rest against the declaration starts first, and machines go last",
      [remove("x"), update("a"), { kind: "start", machine: machine("s") } as const],
      ["start s (Infinity)", "update a (1)", "remove x (Infinity) + no wait"],
    ],
  ])("%s", (_, changes, stages) => {
    expect(shown(changes)).toEqual(stages);
  });
});

test("an immediate change does everything at once and waits for nothing", () => {
  expect(shown([update("a"), create, remove("x")], 1, "immediate")).toEqual([
    "update a, create new (Infinity) + no wait",
    "remove x (Infinity) + no wait",
  ]);
});

test.each([
  ["33%", 3, 1],
  ["30%", 2, 1],
  ["30%", 10, 3],
  ["1%", 10, 1],
  ["100%", 4, 3],
  ["2", 10, 2],
  ["9", 3, 2],
  ["1", 1, 1],
  ["50%", 0, 1],
])("%s of %i machines may be out: %i", (wanted, count, most) => {
  expect(mostUnavailable(wanted, count)).toBe(most);
});
