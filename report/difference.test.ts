import fc from "fast-check";
import { differences, pathText, same } from "./difference";

const json = fc.jsonValue();

describe("differences", () => {
  test("there are none exactly where live and wanted are the same", () => {
    fc.assert(
      fc.property(json, json, json, (applied, live, wanted) => {
        expect(differences({ applied, live, wanted }).length === 0).toBe(same(live, wanted));
        expect(differences({ applied, live, wanted: live })).toEqual([]);
      }),
    );
  });

  test("null, absent and empty are alike", () => {
    expect(differences({ applied: {}, live: { env: {}, checks: null, files: [] }, wanted: {} })).toEqual([]);
  });

  test("an element that everybody had is pending when it goes, and drift when Fly lost it", () => {
    const both = [{ port: 1 }, { port: 2 }];
    const one = [{ port: 2 }];
    expect(differences({ applied: both, live: both, wanted: one })).toEqual([
      { path: [0], applied: { port: 1 }, live: { port: 1 }, wanted: undefined },
    ]);
    expect(differences({ applied: both, live: one, wanted: both })).toEqual([
      { path: [0], applied: { port: 1 }, live: undefined, wanted: { port: 1 } },
    ]);
  });
});

test("a path reads like the configuration", () => {
  expect(pathText(["services", 0, "ports", 1, "force_https"])).toBe("services[0].ports[1].force_https");
  expect(pathText(["env", "a.b"])).toBe('env["a.b"]');
});
