import { type Run, runWorkflow, type Scenario } from "./support/act";
import { flyStub } from "./support/fly-stub";
import { generated, managed } from "./support/generated";
import type { Sites } from "./support/site";
import { describeWith } from "./support/tool";

const files = generated();
const well: Sites = {
  "hot-dash.fly.dev": { "/health": [200] },
  "hotdash-staging.fly.dev": { "/health": [200] },
  "hotdash-chatwoot.fly.dev": { "/api": [{ status: 200, body: '{"queue_services":"ok","data_services":"ok"}' }] },
  "supabase-canary.example.org": { "/rest/v1/": [200] },
  "app.publer.com": { "/api/v1/accounts": [200] },
};
const workflows = (names: readonly string[]) => ({
  says: JSON.stringify({
    workflows: names.map((name) => ({ path: `.github/workflows/${name}`, state: "active" })),
  }),
});
const given: Scenario = {
  files,
  file: "workflow-smoke.yml",
  event: "workflow_dispatch",
  tree: managed(),
  sites: well,
  stubs: { flyctl: flyStub({ image: "image:1" }), gh: workflows(Object.keys(files)) },
  secrets: {
    FLY_API_TOKEN: "fly-token-canary",
    SUPABASE_URL: "https://supabase-canary.example.org",
    SUPABASE_SERVICE_KEY: "supabase-key-canary",
    PUBLER_API_KEY: "publer-key-canary",
    PUBLER_WORKSPACE_ID: "publer-workspace-canary",
  },
};
const failed = ({ artifacts }: Run): readonly string[] =>
  JSON.parse(artifacts["smoke/smoke.json"] ?? "")
    .results.filter(({ passed }: { passed: boolean }) => !passed)
    .map(({ name, says }: { name: string; says: string }) => `${name}: ${says}`);

describeWith(["act"], "a run of workflow-smoke.yml", () => {
  const plays: readonly [string, Partial<Scenario>, readonly string[]][] = [
    ["passes where everything answers", {}, []],
    [
      "names what does not answer, and tries the rest all the same",
      {
        sites: { ...well, "app.publer.com": { "/api/v1/accounts": [401] }, "hot-dash.fly.dev": {} },
        stubs: { flyctl: { says: "[]" }, gh: workflows(Object.keys(files).slice(1)) },
      },
      [
        "production answers: https://hot-dash.fly.dev/health answers 404",
        "production has machines: hot-dash: none of 0 machines is started",
        "staging has machines: hotdash-staging: none of 0 machines is started",
        "chatwoot has machines: hotdash-chatwoot: none of 0 machines is started",
        `GitHub knows every workflow: not active: ${Object.keys(files)[0]}`,
        "Publer answers: answers 401",
      ],
    ],
    [
      "names a secret that is missing",
      { secrets: { ...given.secrets, PUBLER_WORKSPACE_ID: "" } },
      ["Publer answers: PUBLER_WORKSPACE_ID not set"],
    ],
    [
      "asks another address of Publer where the repository's variable says one",
      {
        vars: { PUBLER_API_URL: "https://publer.example.org" },
        sites: { ...well, "app.publer.com": {}, "publer.example.org": { "/accounts": [200] } },
      },
      [],
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected) => {
    const found = await runWorkflow({ ...given, ...change });
    expect(failed(found).map((one) => one.replace(/http:\/\/127\.0\.0\.1:\d+\//, "https://"))).toEqual(expected);
    expect(found.jobs).toEqual({ smoke: expected.length === 0 ? "success" : "failure" });
  });
});
