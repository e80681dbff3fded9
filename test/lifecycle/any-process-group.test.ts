import fc from "fast-check";
import { anyGroup, type Given } from "../clients/any-group";
import { createStage } from "../clients/stage";
import { openWorkshop, ref, type Workshop } from "./workshop";

const type = "fly_process_group";
const wanted = 20;

/** Random configurations that the schema accepts, the same each time; each in an app of its own. */
async function acceptedGroups(): Promise<readonly Given[]> {
  const stage = createStage({ limits: "off" });
  const accepted: Given[] = [];
  for (const group of fc.sample(anyGroup, { numRuns: wanted * 4, seed: 20 })) {
    if (accepted.length === wanted) break;
    const fits = await stage.validate(type, group).then(
      () => true,
      () => false,
    );
    if (fits) accepted.push(group);
  }
  stage.sandbox.close();
  return accepted;
}

/** The same value, with what Terraform would take for an expression or a directive escaped. */
function literally(group: Given): Given {
  const text = JSON.stringify(group, (_, value) =>
    typeof value === "string" ? value.replace(/[$%]\{/g, (opening) => opening[0] + opening) : value,
  );
  return JSON.parse(text);
}

describe("random process groups on real Terraform", () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop.close());

  test(`${wanted} configurations that the schema accepts give an empty plan after one apply`, async () => {
    const groups = await acceptedGroups();
    expect(groups).toHaveLength(wanted);
    const each = <T>(make: (group: Given, name: string) => T) =>
      Object.fromEntries(groups.map((group, index) => [`any-${index}`, make(group, `any-${index}`)]));
    workshop.write({
      resource: {
        fly_app: each((_, name) => ({ name })),
        [type]: each((group, name) => ({
          ...literally(group),
          app: ref(`fly_app.${name}.name`),
          secrets_version: undefined,
        })),
      },
    });
    await workshop.apply("-parallelism=30");
    const { code, text } = await workshop.plan();
    expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
  }, 120_000);
});
