import { cpuKinds, guestProblem, leastMemoryMb } from "./guest";
import { regionProblem, regions } from "./region";

describe("regions", () => {
  it("knows all eighteen", () => {
    expect(Object.keys(regions)).toHaveLength(18);
    for (const code of Object.keys(regions)) expect(regionProblem(code)).toBeUndefined();
  });

  it.each(["lhrr", "lh", "LHR", "lhs"])("suggests lhr for %s", (code) => {
    expect(regionProblem(code)).toContain('did you mean "lhr"?');
  });

  it("lists what there is when nothing is near", () => {
    expect(regionProblem("moon")).toContain("use one of ams, arn");
  });
});

describe("guests", () => {
  it("takes every bound of every kind", () => {
    for (const [cpu_kind, { cpus, leastMb, mostMb }] of Object.entries(cpuKinds))
      for (const count of cpus)
        for (const memory_mb of [leastMb * count, mostMb * count])
          expect(guestProblem({ cpu_kind, cpus: count, memory_mb })).toBeUndefined();
  });

  it.each([
    [{ cpu_kind: "quantum" }, "cpu_kind", "use shared or performance"],
    [{ cpus: 3 }, "cpus", "use 1, 2, 4, 6 or 8"],
    [{ memory_mb: 500 }, "memory_mb", "use 256 or 512"],
    [{ memory_mb: 128 }, "memory_mb", "use 256 or more"],
    [{ memory_mb: 4096 }, "memory_mb", "use 2048 or less"],
    [{ cpu_kind: "performance", cpus: 2, memory_mb: 5000 }, "memory_mb", "use 4096 or 5120"],
  ])("refuses %j", (guest, attribute, advice) => {
    expect(guestProblem(guest)).toMatchObject({ attribute, text: expect.stringContaining(advice) });
  });

  it("gives the least memory as the default", () => {
    expect(leastMemoryMb("performance", 4)).toBe(8192);
    expect(leastMemoryMb("quantum", 4)).toBeUndefined();
  });
});
