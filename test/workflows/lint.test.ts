import { generated, hotDashWith } from "./support/generated";
import { ownFindings, toolFindings } from "./support/lint";
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

describeWith(
  ["actionlint", "shellcheck", "zizmor"],
  "actionlint, shellcheck, zizmor and GitHub's language service",
  () => {
    test("find nothing in what is generated", async () => {
      expect(await toolFindings(generated())).toEqual([]);
    });

    test("find nothing in the sample that the mutations start from", async () => {
      expect(await toolFindings(sample)).toEqual([]);
    });
  },
);
