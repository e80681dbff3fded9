import { ConfigurationError, didYouMean, renderPath } from "./problem";

test("groups problems under the place they are in, and counts them", () => {
  const error = new ConfigurationError([
    {
      where: "environment production",
      path: "groups.web.memoryMb",
      text: "500 is too odd; use 512",
      id: "fly/guest-memory",
    },
    { where: "environment staging", path: "regions[1]", text: "is unknown", id: "fly/region" },
    { where: "environment production", path: "", text: "is bad as a whole", id: "config/value" },
  ]);
  expect(error.message).toBe(
    [
      "2 problems in environment production:",
      "  [fly/guest-memory] groups.web.memoryMb: 500 is too odd; use 512",
      "  [config/value] is bad as a whole",
      "1 problem in environment staging:",
      "  [fly/region] regions[1]: is unknown",
    ].join("\n"),
  );
});

test("writes a path as TypeScript does", () => {
  expect(renderPath(["groups", "app", "services", 0, "checks", 1, "path"])).toBe(
    "groups.app.services[0].checks[1].path",
  );
  expect(renderPath(["staging.min_running"])).toBe('["staging.min_running"]');
  expect(renderPath([])).toBe("");
});

test.each([
  ["memroyMb", ["memoryMb", "machines"], ` did you mean "memoryMb"?`],
  ["ORD", ["ord", "iad"], ` did you mean "ord"?`],
  ["zzz", ["ord", "iad"], ""],
  ["x", ["y"], ""],
])("suggests for %s the nearest known word, if one is near", (word, known, expected) => {
  expect(didYouMean(word, known)).toBe(expected);
});
