import fc from "fast-check";
import { leastInPrimaryRegion, spreadMachines } from "./spread";

test("gives the rest to the first regions", () => {
  expect(spreadMachines({ min: 2, max: 10 }, ["ord", "iad", "sjc"])).toEqual({
    ord: { min: 1, max: 4 },
    iad: { min: 1, max: 3 },
    sjc: { min: 0, max: 3 },
  });
  expect(spreadMachines(3, ["ord", "iad"])).toEqual({ ord: { count: 2 }, iad: { count: 1 } });
});

test("loses and invents no machine, and no region has two more than another", () => {
  const regions = fc.uniqueArray(fc.stringMatching(/^[a-z]{3}$/), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(200), regions, (total, codes) => {
      const counts = Object.values(spreadMachines(total, codes)).map((one) => ("count" in one ? one.count : -1));
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(total);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      expect(counts[0]).toBe(leastInPrimaryRegion(total, codes.length));
    }),
  );
});
