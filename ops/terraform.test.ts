import { tmpdir } from "node:os";
import { terraformIn } from "./terraform";

test("a terraform that ends without a word is an error with an id", async () => {
  const { signal } = new AbortController();
  const env = { ...process.env, TERRAFORM_BINARY_NAME: "false" };
  const terraform = terraformIn({ directory: tmpdir(), env, interruption: { soft: signal, hard: signal } });
  const { plan, troubles, discard } = await terraform.plan();
  await discard();
  expect(plan).toBeUndefined();
  expect(troubles).toEqual([
    {
      severity: "error",
      summary: "terraform ended with code 1",
      detail: "See what is missing on this machine: npx infra doctor [terraform/failed]",
    },
  ]);
});
