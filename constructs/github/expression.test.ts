import { asDeclared, comparisons, differenceText, format, literal, template } from "./expression";

test("plain data keeps its values, and what would begin a template stays text", () => {
  expect(literal({ a: [1, "x"], b: null })).toBe('{"a":[1,"x"],"b":null}');
  expect(literal(`pay \${amount} or %{ for }`)).toBe(`"pay $\${amount} or %%{ for }"`);
});

test("a text with values is Terraform's format", () => {
  expect(template(format("is %s, declared %s", "one.name", literal("x")))).toBe(
    `\${format("is %s, declared %s", one.name, "x")}`,
  );
});

test("every value of an object is compared at its own path; a list is one value", () => {
  expect(comparisons("live", { strict: true, reviews: { count: 1, teams: ["a"] } })).toEqual([
    { path: "strict", live: "live.strict", expected: true },
    { path: "reviews.count", live: "live.reviews.count", expected: 1 },
    { path: "reviews.teams", live: "live.reviews.teams", expected: ["a"] },
  ]);
});

test("the text of differences falls back to the words for none", () => {
  const text = differenceText([{ path: "strict", live: "live.strict", expected: true }]);
  expect(text).toBe(
    `try(coalesce(join("; ", compact([jsonencode(try(live.strict, null)) == "true" ? "" : format("strict is %s, declared %s", try(coalesce(tostring(try(live.strict, null))), "not set"), "true")]))), "${asDeclared}")`,
  );
});
