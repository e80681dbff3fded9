import { machineMonth, priceList } from "./price";
import { regions } from "./region";

test.each([
  ["shared", 1, 256, "iad", 1.94],
  ["shared", 1, 512, "sjc", 3.81],
  ["shared", 1, 1024, "ord", 7.12],
  ["shared", 1, 2048, "ord", 13.37],
  ["shared", 2, 2048, "iad", 11.39],
  ["shared", 2, 2048, "ord", 14.24],
  ["shared", 4, 8192, "iad", 42.79],
  ["performance", 1, 2048, "sjc", 37.01],
  ["performance", 2, 16384, "ord", 152.54],
] as const)(
  "%s %i, %i MB in %s is %f dollars a month, as the price list has it",
  (cpuKind, cpus, memoryMb, region, usd) => {
    expect(Math.abs((machineMonth({ cpuKind, cpus, memoryMb }, region) ?? 0) - usd)).toBeLessThan(0.02);
  },
);

test("every region that a configuration may name has a price", () => {
  expect(Object.keys(regions).filter((region) => priceList.markup[region] === undefined)).toEqual([]);
});

test("says nothing where no price is known", () => {
  expect(machineMonth({ cpuKind: "shared", cpus: 1, memoryMb: 256 }, "xxx")).toBeUndefined();
  expect(machineMonth({ cpuKind: "gpu", cpus: 1, memoryMb: 256 }, "ord")).toBeUndefined();
});
