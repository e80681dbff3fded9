import { generated, hotDashWith } from "./support/generated";
import { ownFindings, toolLayers } from "./support/lint";
import { sample, sampleConfiguration } from "./support/sample";
import { describeWith } from "./support/tool";

describe("own rules", () => {
  test("find nothing in what is generated", () => {
    const config = hotDashWith();
    expect(ownFindings(generated(config), config)).toEqual([]);
  });

  test("find nothing in the sample that the mutations start from", () => {
    expect(ownFindings(sample, sampleConfiguration())).toEqual([]);
  });
});

for (const { layer, needs, find } of toolLayers) {
  describeWith(needs, layer, () => {
    test("finds nothing in what is generated, nor in the sample", async () => {
      expect(await find({ ...generated(), ...sample })).toEqual([]);
    });
  });
}
