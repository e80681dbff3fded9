import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { managedRepository } from "../managed/support/managed-repository";
import { callsOf, type Stubs, writeStubs } from "./support/command-stub";
import { type FlyBehaviour, flyStub } from "./support/fly-stub";
import { type Served, serve } from "./support/site";

/** The scripts of deployments, rollbacks and previews, each by itself: what they answer, what they run, and their exit codes. */
const repository = managedRepository();
const canary = "canary-of-a-secret-value";
let site: Served;
beforeAll(async () => {
  site = await serve({ well: { "/": [200], "/health": [200] }, ill: { "/": [200], "/health": [503] } });
});
afterAll(async () => {
  await site.close();
  repository.remove();
});

type Play = { readonly args: string; readonly stubs?: Stubs; readonly env?: NodeJS.ProcessEnv };

/** Runs a script among stubs. @returns exit code, output, what it gave to later steps, and the commands that it ran */
async function play(script: string, { args, stubs = {}, env = {} }: Play) {
  const folder = mkdtempSync(join(tmpdir(), "ops-"));
  try {
    const path = process.env.PATH ?? "";
    writeStubs(folder, stubs, path);
    const words = args.replace(/URL:(\w+)/g, (_, host) => site.redirect(`https://${host}`)).split(" ");
    const [runner, file] = script.endsWith(".sh") ? ["bash", script] : ["node", script];
    const { code, output } = await repository.run(runner, [`scripts/ops/${file}`, ...words], {
      PATH: `${join(folder, "bin")}:${path}`,
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_RUN_ID: "7",
      FLY_API_TOKEN: canary,
      ...env,
    });
    const calls = callsOf(folder);
    expect([output, ...calls.flatMap((call) => call.args)].join("\n")).not.toContain(canary);
    return { code, output, commands: calls.map(({ line }) => line), calls, given: read(join(folder, "output")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const fly = (behaviour: FlyBehaviour): Stubs => ({ flyctl: flyStub(behaviour) });
const image = (name: string) => `registry.fly.io/hot-dash:${name}`;
const deploy = `--app hot-dash --config fly.production.toml --image ${image("new")}`;
const verify = (host: string) => `--app hot-dash --url URL:${host} --paths /,/health --attempts 2 --watch 15`;
const api = (on: string, answer: unknown) => ({ on, says: JSON.stringify(answer) });
const approved = [
  { state: "approved", environments: [{ name: "production" }], user: { login: "justin" }, comment: "go" },
];
const checkRuns = (...runs: readonly (readonly [string, string, number])[]) => ({
  gh: api("check-runs", [{ check_runs: runs.map(([name, conclusion, id]) => ({ name, conclusion, app: { id } })) }]),
});
const window = "--days Mon,Tue,Wed,Thu,Fri --from 09:00 --to 17:00 --time-zone America/Los_Angeles --now";

const plays: readonly [string, string, Play, number, RegExp][] = [
  // What a rollback goes back to.
  [
    "previous-image.mjs",
    "names the image that is in service and well",
    { args: "--app hot-dash", stubs: fly({ image: image("a") }) },
    0,
    /^image=registry\.fly\.io\/hot-dash:a$/m,
  ],
  [
    "previous-image.mjs",
    "names the image before with --back",
    {
      args: "--app hot-dash --back",
      stubs: fly({
        image: image("b"),
        releases: [
          [9, image("b")],
          [8, image("b")],
          [7, image("a")],
        ],
      }),
    },
    0,
    /^image=\S+:a$/m,
  ],
  [
    "previous-image.mjs",
    "names the image of a release",
    {
      args: "--app hot-dash --release 7",
      stubs: fly({
        releases: [
          [8, image("b")],
          [7, image("a")],
        ],
      }),
    },
    0,
    /^image=\S+:a$/m,
  ],
  [
    "previous-image.mjs",
    "fails for a release that was never completed",
    { args: "--app hot-dash --release 9", stubs: fly({ releases: [[8, image("b")]] }) },
    1,
    /no completed release 9/,
  ],
  [
    "previous-image.mjs",
    "refuses an app without an image",
    { args: "--app hot-dash", stubs: fly({}) },
    1,
    /title=No previous image::/,
  ],
  [
    "previous-image.mjs",
    "lets the first deployment of an app pass",
    { args: "--app hot-dash --first", stubs: fly({}) },
    0,
    /this is the first deployment/,
  ],
  // Deployments, and the classes of their failures.
  ["deploy.mjs", "deploys an image", { args: deploy, stubs: fly({}) }, 0, /^begun=true[\s\S]*^tries=1$/m],
  [
    "deploy.mjs",
    "tries what fails in passing three times",
    { args: deploy, stubs: fly({ deploys: { complains: "Error: 503 Service Unavailable\n", times: 2 } }) },
    0,
    /^tries=3$/m,
  ],
  [
    "deploy.mjs",
    "gives up after the third",
    { args: deploy, stubs: fly({ deploys: { complains: "Error: connection reset by peer\n" } }) },
    1,
    /title=transient failure::hot-dash was not deployed, after 3 tries/,
  ],
  [
    "deploy.mjs",
    "tells a rate limit by its exit code",
    { args: deploy, stubs: fly({ deploys: { complains: "Error: 429 too many requests\n" } }) },
    4,
    /title=rate limit::.*after 3 tries; its machines may differ\. Run it again in a quarter of an hour/,
  ],
  [
    "deploy.mjs",
    "does not try a failed health check again",
    {
      args: deploy,
      stubs: fly({ deploys: { complains: "Error: timeout reached waiting for health checks to pass\n" } }),
    },
    1,
    /title=deployment failure::\S+ was not deployed, after 1 tries/,
  ],
  [
    "deploy.mjs",
    "builds from released files where the registry lost the image",
    {
      args: `${deploy} --folder . --label v1`,
      stubs: fly({ deploys: { complains: "Error: Could not find image\n" } }),
    },
    0,
    /title=Image lost::[\s\S]*^image=registry\.fly\.io\/hot-dash:v1$/m,
  ],
  [
    "deploy.mjs",
    "keeps the token out of what it shows",
    { args: deploy, stubs: fly({ deploys: { complains: `Error: bad token ${canary}\n` } }) },
    1,
    /bad token \*\*\*/,
  ],
  [
    "build-image.mjs",
    "tells a build failure by its exit code",
    {
      args: "--app a --config fly.toml --label l --no-cache true",
      stubs: { flyctl: { code: 1, complains: "Error: failed to solve: process did not complete\n" } },
    },
    3,
    /title=build failure::/,
  ],
  // Verification.
  [
    "verify-deployment.mjs",
    "is good when paths answer and machines stay",
    { args: verify("well"), stubs: fly({ image: image("a") }) },
    0,
    /^outcome=good$/m,
  ],
  [
    "verify-deployment.mjs",
    "is bad when a path does not answer 200",
    { args: verify("ill"), stubs: fly({ image: image("a") }) },
    1,
    /title=Verification failed::hot-dash: \/health answers 503/,
  ],
  [
    "verify-deployment.mjs",
    "is bad when a machine exits",
    {
      args: verify("well"),
      stubs: fly({ image: image("a"), crashes: true }).flyctl
        ? {
            flyctl: flyStub({ image: image("a"), crashes: true }).map((one) => ({
              ...one,
              ...(one.does && { does: `echo ${image("b")} > image; ${one.does}` }),
            })),
          }
        : {},
    },
    1,
    /machine 1485e1 exited by itself with code 1/,
  ],
  [
    "verify-deployment.mjs",
    "is bad when machines run another image",
    { args: `${verify("well")} --image ${image("b")}`, stubs: fly({ image: image("a") }) },
    1,
    /machine 1485e1 does not run registry\.fly\.io\/hot-dash:b/,
  ],
  [
    "verify-deployment.mjs",
    "is bad when too few machines are started",
    { args: `${verify("well")} --started 2`, stubs: fly({ image: image("a") }) },
    1,
    /1 of 2 machines are started/,
  ],
  [
    "verify-deployment.mjs",
    "tells when the product was back too late",
    { args: `${verify("well")} --limit 300`, stubs: fly({ image: image("a") }) },
    0,
    /::warning title=Slow::hot-dash was back after \d+ s, 300 s is the limit/,
  ],
  // Gates.
  [
    "deployment-window.mjs",
    "is open on a working day in summer time",
    { args: `${window} 2026-07-01T16:00:00Z` },
    0,
    /Wed 09:00: within/,
  ],
  [
    "deployment-window.mjs",
    "is closed at the same time of UTC in winter",
    { args: `${window} 2026-12-02T16:59:00Z` },
    1,
    /title=Outside the deployment window::it is Wed 08:59/,
  ],
  [
    "deployment-window.mjs",
    "is closed from its last minute on",
    { args: `${window} 2026-07-02T00:00:00Z` },
    1,
    /it is Wed 17:00/,
  ],
  ["deployment-window.mjs", "is closed on Saturday", { args: `${window} 2026-07-04T18:00:00Z` }, 1, /it is Sat 11:00/],
  [
    "check-approval.mjs",
    "takes the review of the run",
    { args: "--environment production", stubs: { gh: api("approvals", approved) } },
    0,
    /^approver=justin$/m,
  ],
  [
    "check-approval.mjs",
    "refuses a run that nobody reviewed",
    { args: "--environment production", stubs: { gh: api("approvals", []) } },
    1,
    /title=Not approved::nobody has approved/,
  ],
  [
    "check-approval.mjs",
    "refuses the approval of another environment",
    { args: "--environment staging", stubs: { gh: api("approvals", approved) } },
    1,
    /nobody has approved this run for staging/,
  ],
  [
    "check-approval.mjs",
    "takes a typed confirmation of an approver",
    { args: "--environment production --expects yes --approvers ann,bob", env: { CONFIRM: "yes", ACTOR: "bob" } },
    0,
    /^approver=bob$/m,
  ],
  [
    "check-approval.mjs",
    "refuses the confirmation of somebody else",
    { args: "--environment production --expects yes --approvers ann,bob", env: { CONFIRM: "yes", ACTOR: "eve" } },
    1,
    /eve is no approver of production; approvers are ann,bob/,
  ],
  [
    "check-approval.mjs",
    "refuses another text",
    { args: "--environment production --expects yes --approvers bob", env: { CONFIRM: "Yes", ACTOR: "bob" } },
    1,
    /has to be exactly "yes"/,
  ],
  [
    "checks-green.mjs",
    "passes when each check has succeeded",
    {
      args: "--commit abc --app 15368 --names lint,build",
      stubs: checkRuns(["lint", "success", 15_368], ["build", "success", 15_368]),
    },
    0,
    /lint: success/,
  ],
  [
    "checks-green.mjs",
    "does not take a check that another app reported",
    { args: "--commit abc --app 15368 --names lint", stubs: checkRuns(["lint", "success", 7]) },
    1,
    /title=CI is not green::abc: lint has not run/,
  ],
  [
    "checks-green.mjs",
    "names each check that failed or is missing",
    { args: "--commit abc --app 15368 --names lint,build", stubs: checkRuns(["lint", "failure", 15_368]) },
    1,
    /lint failure, build has not run/,
  ],
  [
    "staging-proof.mjs",
    "refuses a commit that staging did not keep",
    {
      args: "--workflow s.yml --job staging-summary --commit abc --folder staging",
      stubs: {
        gh: [
          api("/jobs", { jobs: [{ name: "staging-summary", conclusion: "failure" }] }),
          api("workflows/s.yml/runs", { workflow_runs: [{ id: 1, head_sha: "abc", conclusion: "failure" }] }),
        ],
      },
    },
    1,
    /abc has no good run of s\.yml, only: failure/,
  ],
  [
    "staging-proof.mjs",
    "takes a run whose integrations failed after the health check",
    {
      args: "--workflow s.yml --job staging-summary --commit abc --folder staging",
      stubs: {
        gh: [
          api("/jobs", { jobs: [{ name: "staging-summary", conclusion: "success" }] }),
          api("workflows/s.yml/runs", { workflow_runs: [{ id: 1, head_sha: "abc", conclusion: "failure" }] }),
        ],
      },
    },
    0,
    /^run=1$/m,
  ],
  // Previews.
  [
    "preview-app.mjs",
    "makes the app of a pull request",
    {
      args: "--ensure --org hotdash --pattern hotdash-pr-{number} --number 7",
      stubs: { flyctl: [{ on: "status", code: 1, complains: "Error: Could not find App" }] },
    },
    0,
    /^app=hotdash-pr-7$/m,
  ],
  [
    "preview-app.mjs",
    "leaves an app that is there",
    { args: "--ensure --org hotdash --pattern hotdash-pr-{number} --number 7" },
    0,
    /^app=hotdash-pr-7$/m,
  ],
  [
    "preview-app.mjs",
    "refuses what is no number, before it asks Fly",
    { args: "--destroy --pattern hotdash-pr-{number} --number 7x" },
    2,
    /"7x" is no number/,
  ],
  [
    "preview-app.mjs",
    "refuses a pattern without a number",
    { args: "--destroy --pattern hot-dash --number 7" },
    2,
    /"hot-dash" holds no \{number\}/,
  ],
  [
    "preview-app.mjs",
    "is content where the app is gone",
    {
      args: "--destroy --pattern hotdash-pr-{number} --number 7",
      stubs: { flyctl: { on: "status", code: 1, complains: "Error: Could not find App" } },
    },
    0,
    /hotdash-pr-7 is not there/,
  ],
  [
    "preview-app.mjs",
    "does not take silence for absence",
    {
      args: "--destroy --pattern hotdash-pr-{number} --number 7",
      stubs: { flyctl: { on: "status", code: 1, complains: "Error: connection refused" } },
    },
    2,
    /Fly does not say whether hotdash-pr-7 is there/,
  ],
  [
    "preview-app.mjs",
    "fails when the app is still there afterwards",
    { args: "--destroy --pattern hotdash-pr-{number} --number 7" },
    1,
    /hotdash-pr-7 is still there/,
  ],
  [
    "secrets-import.mjs",
    "hands nothing over when a value is missing",
    { args: "--app a --names ONE,TWO", env: { ONE: canary } },
    1,
    /title=Secret missing::TWO: no value for a/,
  ],
  [
    "secrets-import.mjs",
    "keeps values out of what Fly complains",
    {
      args: "--app a --names ONE",
      env: { ONE: canary },
      stubs: { flyctl: { code: 1, complains: `Error: ${canary} is no good` } },
    },
    1,
    /a: Error: \*\*\* is no good/,
  ],
  // Failure tests.
  [
    "chaos.mjs",
    "refuses production",
    { args: "--app hot-dash --never hot-dash --url URL:well --seconds 10 --report chaos.json" },
    2,
    /hot-dash is production/,
  ],
  [
    "chaos.mjs",
    "stops a machine and sees it recover",
    {
      args: "--app a --never hot-dash --url URL:well --seconds 10 --report chaos.json",
      stubs: fly({ image: image("a") }),
    },
    0,
    /^back_after=0$/m,
  ],
  [
    "chaos.mjs",
    "tries nothing on an app that is not well",
    {
      args: "--app a --never hot-dash --url URL:ill --seconds 10 --report chaos.json",
      stubs: fly({ image: image("a") }),
    },
    1,
    /a is not well before the experiment/,
  ],
];

test.each(plays)("%s %s", async (script, _name, given, code, words) => {
  const run = await play(script, given);
  expect([run.code, run.output + run.given]).toEqual([code, expect.stringMatching(words)]);
});

test("every script of a deployment tells how it is used", async () => {
  for (const script of new Set(plays.map(([name]) => name))) {
    const { code, output } = await play(script, { args: "--help" });
    expect([script, code, output]).toEqual([script, 0, expect.stringContaining(`Usage: node scripts/ops/${script}`)]);
  }
});

test("secrets travel to Fly on standard input, as flyctl reads them back", async () => {
  const env = { ONE: `"${canary}"`, TWO: "first\nsecond" };
  const { calls } = await play("secrets-import.mjs", {
    args: "--app a --names ONE,TWO",
    env,
    stubs: { flyctl: { reads: true } },
  });
  expect(calls[0]?.line).toBe("flyctl secrets import --app a --stage");
  expect(calls[0]?.stdin).toBe(`ONE=""${canary}""\nTWO="""first\nsecond"""\n`);
});

test("a destroyed preview is the one app and no other", async () => {
  const gone = { on: "status", code: 1, complains: "Error: Could not find App" };
  const stubs = { flyctl: [{ on: "status", times: 1 }, gone] };
  const run = await play("preview-app.mjs", { args: "--destroy --pattern fly-preview-pr-{number} --number 12", stubs });
  expect(run.commands).toContain("flyctl apps destroy fly-preview-pr-12 --yes");
});
