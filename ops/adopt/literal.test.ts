import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { literal, member, Source } from "./literal";

test("any plain value is written as an expression of that value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(30), (value, indent) => {
      const read = runInNewContext(`JSON.stringify((${literal(value, indent)}))`);
      // JSON knows no -0.
      expect(JSON.parse(read)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { examples: [[JSON.parse('{"__proto__":1}'), 0]] },
  );
});

test("what fits stands on one line, what does not has one entry a line", () => {
  expect(literal({ a: [1, "b"], "c-d": undefined, e: {} })).toBe('{ a: [1, "b"], e: {} }');
  const port = { port: 80, handlers: ["http"] };
  expect(literal({ ports: [port] })).toBe('{ ports: [{ port: 80, handlers: ["http"] }] }');
  expect(literal([port, port])).toBe(`[\n  ${literal(port)},\n  ${literal(port)},\n]`);
  const long = "x".repeat(70);
  expect(literal({ a: long, b: { c: long } }, 2)).toBe(`{\n    a: "${long}",\n    b: { c: "${long}" },\n  }`);
});

test("a source text stands for itself, and a name that is no identifier is quoted", () => {
  expect(literal({ image: new Source('pinned("nginx")') })).toBe('{ image: pinned("nginx") }');
  expect([member("web"), member("my-group")]).toEqual([".web", '["my-group"]']);
});
