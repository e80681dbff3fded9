import { actions } from "./action";

test("the lock pins every action by its whole commit", () => {
  for (const { commit, version } of Object.values(actions)) {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(version).toMatch(/^v?\d+\.\d+(\.\d+)?$/);
  }
});

test("the lock names no input that would let fork code meet our secrets", () => {
  expect(actions["actions/checkout"]?.inputs.optional).toHaveProperty("persist-credentials");
  expect(actions["actions/checkout"]?.inputs.optional).not.toHaveProperty("allow-unsafe-pr-checkout");
});
