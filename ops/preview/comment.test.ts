import { failedText, upText } from "./comment";

const facts = {
  number: 42,
  app: "shop-pr-42",
  url: "https://shop-pr-42.fly.dev",
  commit: "0123456789abcdef0123456789abcdef01234567",
  image: "v7",
  health: "/health answers 200",
  owner: "ada",
  expires: "2026-12-05T17:54:10Z",
  cost: { floor: 0, expected: 3.99, ceiling: 7 },
};

test("says all there is to know, a line each", () => {
  expect(upText(facts)).toBe(
    [
      "**Preview:** https://shop-pr-42.fly.dev",
      "",
      "| | |",
      "|---|---|",
      "| Commit | `0123456789ab` |",
      "| Version | `v7` |",
      "| Health | /health answers 200 |",
      "| On Fly | [app](https://fly.io/apps/shop-pr-42), [monitoring](https://fly.io/apps/shop-pr-42/monitoring) |",
      "| Owner | `ada` |",
      "| Stays until | 2026-12-05 17:54 UTC; each update moves it |",
      "| Cost | 0.00 to 3.99 US$ a month, an estimate |",
      "",
      "It sleeps while nobody looks, so that the first page takes a few seconds. Remove it: `npx infra preview down 42`",
    ].join("\n"),
  );
});

test.each([
  { what: "one price", cost: { floor: 2, expected: 2, ceiling: 9 }, line: "| Cost | 2.00 US$ a month, an estimate |" },
  { what: "no known price", cost: undefined, line: "| Cost | not known: a part of it has no known price |" },
])("tells $what", ({ cost, line }) => {
  expect(upText({ ...facts, cost }).split("\n")).toContain(line);
});

test("keeps what comes from outside in its code span and its line", () => {
  const hostile = "`|\n@everyone <img src=x> [x](https://evil.test)\u202e";
  for (const text of [upText({ ...facts, image: hostile, owner: hostile }), failedText(42, hostile, hostile)]) {
    const outside = text.replace(/(`+)(?!`).+?(?<!`)\1(?!`)/g, "");
    expect(outside).not.toMatch(/everyone|evil|img|\u202e/);
  }
  expect(upText({ ...facts, image: hostile }).split("\n")).toHaveLength(13);
});

test("cuts a long reason, so that the comment stays short", () => {
  expect(failedText(42, facts.commit, "no ".repeat(9_999)).length).toBeLessThan(1_000);
});
