import { closest } from "./similar";

const stacks = ["production", "staging", "chatwoot"];

test.each([
  ["stagign", "staging"],
  ["prod", "production"],
  ["chatwot", "chatwoot"],
  ["xyz", undefined],
  ["", undefined],
])("%j is taken for %j", (word, meant) => {
  expect(closest(word, stacks)).toBe(meant);
});
