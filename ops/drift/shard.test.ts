import { shardFrom, shardOf } from "./shard";

const stacks = ["staging", "github", "production", "chatwoot", "workflows"].map((name) => ({ name }));
const parts = (of: number, list = stacks) =>
  Array.from({ length: of }, (_, index) => shardOf(list, { part: index + 1, of }).map(({ name }) => name));

test("puts every stack into one part, whatever their order", () => {
  expect(parts(2)).toEqual([
    ["chatwoot", "production", "workflows"],
    ["github", "staging"],
  ]);
  expect(parts(2, [...stacks].reverse())).toEqual(parts(2));
  for (const count of [1, 3, 5, 9]) expect(parts(count).flat().sort()).toEqual(stacks.map(({ name }) => name).sort());
});

test.each(["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "1.5/2", "a/b", " 1/2", "1/1000"])("refuses %p", (text) => {
  expect(() => shardFrom(text)).toThrow("[infra/shard]");
});

test.each([
  ["1/1", { part: 1, of: 1 }],
  ["12/12", { part: 12, of: 12 }],
])("reads %s", (text, shard) => {
  expect(shardFrom(text)).toEqual(shard);
});
