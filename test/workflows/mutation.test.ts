import { type Finding, ownFindings, toolLayers } from "./support/lint";
import { type Mutant, mutants, mutated } from "./support/mutant";
import { sample, sampleConfiguration } from "./support/sample";
import { describeWith } from "./support/tool";

test("every defect is a change of the sample, and there are enough of them", () => {
  expect(mutants.filter((one) => mutated(one) === sample[one.file]).map(({ defect }) => defect)).toEqual([]);
  expect(mutants.length).toBeGreaterThanOrEqual(35);
});

const ownOnes = mutants.flatMap((one) => (one.by.own === undefined ? [] : [[one.defect, one.by.own, one] as const]));
test.each(ownOnes)("own rules find %s", (_defect, code, one) => {
  const found = ownFindings({ ...sample, [one.file]: mutated(one) }, sampleConfiguration());
  expect(found.map((finding) => finding.code)).toContain(code);
});

for (const { layer, needs, find } of toolLayers) {
  const own = mutants.filter(({ by }) => by[layer] !== undefined);
  const nameOf = (one: Mutant) => `m${own.indexOf(one)}-${one.file}`;
  describeWith(needs, layer, () => {
    let found: readonly Finding[] = [];
    beforeAll(async () => {
      found = await find({ ...sample, ...Object.fromEntries(own.map((one) => [nameOf(one), mutated(one)])) });
    });
    test.each(own.map((one) => [one.defect, one] as const))("finds %s", (_defect, one) => {
      const said = found.filter(({ file }) => file === nameOf(one)).map(({ code }) => code);
      expect(said).toContainEqual(expect.stringContaining(one.by[layer] ?? ""));
    });
  });
}
