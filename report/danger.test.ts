import { dangerPlans, planOf } from "../test/review/danger-plan";
import { dangersOf } from "./danger";

test.each(dangerPlans)("a plan that $what is told as $kinds", ({ kinds, ...row }) => {
  expect(dangersOf(planOf(row)).map(({ kind }) => kind)).toEqual(kinds);
});

test("what is made together with its app or environment hurts nobody", () => {
  const app = { type: "fly_app", actions: ["create"], after: { name: "shop" } } as const;
  const address = { type: "fly_ip_address", actions: ["create"], after: { type: "v4" } } as const;
  expect(dangersOf(planOf(app, address))).toEqual([]);
  expect(dangersOf(planOf(address)).map(({ kind }) => kind)).toEqual(["exposure"]);
});

test("a name cannot write to the terminal", () => {
  const [danger] = dangersOf(planOf({ type: "fly_app", actions: ["delete"], before: { name: "\u001b[31mshop" } }));
  expect(danger?.text).not.toContain("\u001b");
});
