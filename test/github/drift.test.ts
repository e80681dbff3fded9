/** Every kind of change behind Terraform's back, seen by a plain `terraform plan` of the stack with the real provider. */
import { type Row, table } from "./support/drift-table";
import { findProviders, openStage, type Stage } from "./support/stage";

const suite = findProviders() ? describe : describe.skip;
const batches = [...new Set(table.map(batchOf))];

suite.each(["without", "with"])("out-of-band changes %s ETags (needs terraform and TF_PROVIDER_MIRROR)", (etag) => {
  let stage: Stage;
  let untouched: () => void;
  /** Output of the plan of each batch. */
  const plans = new Map<string, string>();

  beforeAll(async () => {
    stage = await openStage();
    stage.sandbox.control.setEtag(etag === "with");
    await stage.prepare();
    stage.declare();
    expect(await stage.apply()).toMatchObject({ code: 0 });
    untouched = stage.snapshot();
    for (const batch of batches) {
      for (const row of table.filter((one) => batchOf(one) === batch)) row.tamper(stage.row(), stage);
      const { code, output } = await stage.plan();
      plans.set(batch, `exit code ${code}\n${output}`);
      untouched();
    }
  });
  afterAll(() => stage.close());

  test.each(batches)("a plan of batch '%s' exits 2, or 0 where all of it is left to infra drift", (batch) => {
    const isLeft = table.every((row) => batchOf(row) !== batch || row.plan === undefined);
    expect(plans.get(batch)).toMatch(isLeft ? /^exit code 0\n/ : /^exit code 2\n/);
  });

  test.each(table.filter(({ plan }) => plan))("shows: $what", (row) => {
    const { plan } = row;
    const expected = plan && "withEtag" in plan ? (etag === "with" ? plan.withEtag : plan.withoutEtag) : plan;
    expect(plans.get(batchOf(row))).toMatch(expected ?? /never/);
  });

  test("nothing remains when all is put back", async () => {
    const { code, output } = await stage.plan();
    expect({ code, output }).toMatchObject({ code: 0 });
  });
});

function batchOf({ batch = "together" }: Row): string {
  return batch;
}
