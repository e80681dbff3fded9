import { createGithubHarness } from "./harness";

const repository = "hotdash/hotdash";
const type = "fly_api_token";

test("shows what was found and who resolved it, never a value, to who may administer", async () => {
  const { ask, sandbox } = createGithubHarness();
  const alerts = "/secret-scanning/alerts?hide_secret=true";
  await ask("PATCH", "", { security_and_analysis: { secret_scanning: { status: "disabled" } } });
  expect(await ask("GET", alerts)).toMatchObject({ status: 404, body: { message: expect.stringMatching(/disabled/) } });
  await ask("PATCH", "", { security_and_analysis: { secret_scanning: { status: "enabled" } } });
  for (const kind of [type, "slack_webhook"]) sandbox.control.tamper({ kind: "secret-alert", repository, type: kind });
  const resolved = { by: "hotdash-dev", as: "revoked" } as const;
  sandbox.control.tamper({ kind: "secret-alert", repository, type, resolved });
  const { body } = await ask("GET", alerts);
  expect(body).toMatchObject([
    { number: 2, state: "open", resolution: null, resolved_by: null },
    { number: 1, state: "resolved", resolution: "revoked", resolved_by: { login: "hotdash-dev" } },
  ]);
  expect(Object.keys(body[0])).not.toContain("secret");
  expect((await ask("GET", "/secret-scanning/alerts?state=open")).body).toHaveLength(1);
  expect((await ask("GET", alerts, undefined, "ghp_sandbox_dev")).status).toBe(403);
  expect(() => sandbox.control.tamper({ kind: "secret-alert", repository, type, resolved })).toThrow("no open alert");
});
