import { type ManagedRepository, managedRepository } from "./support/managed-repository";

let repository: ManagedRepository;
beforeEach(() => {
  repository = managedRepository();
});
afterEach(() => repository.remove());

const node = (script: string) => repository.run("node", [`scripts/policy/${script}`]);

describe("Docs Policy", () => {
  it("passes the repository as it is generated", async () => {
    expect(await node("check-docs.mjs")).toMatchObject({ code: 0, output: expect.stringContaining("all 1 Markdown") });
  });

  it("names each Markdown file at a place that is not on the list, and no other", async () => {
    for (const path of ["README.md", "docs/runbooks/a.md", "app/notes.md", "app/lib/Design.MDX"])
      repository.write(path, "");
    repository.commit("Write");
    const { code, output } = await node("check-docs.mjs");
    expect({ code, named: output.match(/^ {2}\S+$/gm) }).toEqual({
      code: 1,
      named: ["  app/lib/Design.MDX", "  app/notes.md"],
    });
  });

  it("looks at the whole repository from whatever folder it is called", async () => {
    repository.write("app/notes.md", "");
    repository.commit("Write");
    const { output } = await repository.run("sh", ["-c", "cd scripts && node policy/check-docs.mjs"]);
    expect(output).toContain("app/notes.md");
  });
});

describe("AI Config Validation", () => {
  const judge = async (path: string, text: string) => {
    repository.policy(() => ({ aiConfig: { files: [path] } }));
    repository.write(path, text);
    return node("check-ai-config.mjs");
  };
  const json = (value: unknown) => judge("app/agents.json", JSON.stringify(value));

  it("says plainly that there is nothing to validate", async () => {
    expect(await node("check-ai-config.mjs")).toEqual({
      code: 0,
      output: "AI Config Validation: nothing to validate: aiConfig.files is empty.\n",
    });
  });

  it.each<[string, unknown]>([
    [
      "an agent that a person reviews, with its tools",
      { agents: [{ id: "ai", human_review: true, reviewers: ["jo"], tools: [{ name: "send" }] }] },
    ],
    ["tools by name that ask or only read", { tools: { send: { approval: "required" }, look: { read_only: true } } }],
  ])("passes %s", async (_name, value) => expect(await json(value)).toMatchObject({ code: 0 }));

  it.each<[string, unknown, string]>([
    ["an agent that nobody approves", { agents: [{ id: "ai" }] }, "agents.ai acts without a person's approval"],
    [
      "a tool that opts out below an approved agent",
      { agents: [{ id: "ai", human_review: true, tools: [{ name: "send", approval: "auto" }] }] },
      'agents.ai.tools.send acts and has approval "auto"',
    ],
    [
      "an approval that nobody gives",
      { agents: [{ id: "ai", human_in_the_loop: true, reviewers: [] }] },
      "agents.ai names no reviewer",
    ],
    [
      "a word that is not true",
      { agents: [{ id: "ai", human_review: "true" }] },
      'agents.ai acts and has human_review "true"',
    ],
    ["an entry that is no object", { x: { tools: ["send"] } }, "x.tools.0 is no object"],
    ["a file without an entry", { model: "x" }, 'holds no entry under "agents" or "tools"'],
  ])("refuses %s", async (_name, value, words) => {
    const { code, output } = await json(value);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(words) });
  });

  it("reads YAML, and says where it does not parse", async () => {
    const good = await judge("app/agents.yml", "agents:\n  - id: ai\n    approval: required\n");
    const bad = await judge("app/agents.yml", "agents:\n  - id: [ai\n");
    expect([good.code, bad.code, bad.output]).toEqual([
      0,
      2,
      expect.stringMatching(/^app\/agents.yml is not YAML: .* at line 3/),
    ]);
  });

  it("refuses a file that is configured and missing", async () => {
    repository.policy(() => ({ aiConfig: { files: ["app/gone.json"] } }));
    expect(await node("check-ai-config.mjs")).toMatchObject({
      code: 1,
      output: expect.stringContaining("app/gone.json: is configured"),
    });
  });
});

describe("the allow lists of gitleaks", () => {
  const finger = `${"a".repeat(40)}:app/a.ts:generic-api-key:3`;

  it("passes what is generated, and a fingerprint with a reason and an owner", async () => {
    repository.write(
      ".gitleaksignore",
      `# reason: a made-up value in a test; owner: @hotdash/maintainers\n${finger}\n${finger}4\n`,
    );
    expect(await node("check-gitleaks.mjs")).toMatchObject({ code: 0 });
  });

  it.each<[string, string]>([
    ["no word", `${finger}\n`],
    ["no owner", `# reason: a made-up value in a test\n${finger}\n`],
    ["no reason", `# reason: ; owner: @jo\n${finger}\n`],
    ["the words of another block", `# reason: a made-up value in a test; owner: @jo\n\n${finger}\n`],
  ])("refuses a fingerprint with %s", async (_name, text) => {
    repository.write(".gitleaksignore", text);
    const line = text.trimEnd().split("\n").length;
    expect(await node("check-gitleaks.mjs")).toMatchObject({
      code: 1,
      output: expect.stringContaining(`.gitleaksignore:${line}: ${finger}`),
    });
  });

  it.each<[string, string, string]>([
    ["an allow list without a description", '[[allowlists]]\npaths = ["a"]\n', "[[allowlists]] has no description"],
    [
      "an allow list of a rule that gives no owner",
      '[[rules.allowlists]]\ndescription = "reason: it is nothing"\n',
      "has no description with a reason and an owner",
    ],
    ["default rules that are switched off", '[extend]\ndisabledRules = ["x"]\n', "default rules are switched off"],
  ])("refuses %s", async (_name, text, words) => {
    repository.write(".gitleaks.toml", `${repository.read(".gitleaks.toml")}\n${text}`);
    expect(await node("check-gitleaks.mjs")).toMatchObject({ code: 1, output: expect.stringContaining(words) });
  });

  it("refuses a configuration that leaves the default rules out", async () => {
    repository.write(".gitleaks.toml", 'title = "own"\n');
    expect(await node("check-gitleaks.mjs")).toMatchObject({
      code: 1,
      output: expect.stringContaining("the default rules are off"),
    });
  });
});

describe("verify_secrets.sh", () => {
  const canary = "canary-9f8e7d6c5b4a";
  const names = ["FLY_API_TOKEN", "OPENAI_API_KEY_STAGING", "SUPABASE_SERVICE_KEY", "SUPABASE_URL"];
  const all = Object.fromEntries(names.map((name) => [name, canary]));
  const verify = async (scope: string, env: NodeJS.ProcessEnv, pull?: object) => {
    repository.write("event.json", JSON.stringify(pull ? { pull_request: pull } : {}));
    const outcome = await repository.run("scripts/verify_secrets.sh", [scope], {
      ...env,
      GITHUB_EVENT_PATH: `${repository.folder}/event.json`,
    });
    expect(outcome.output).not.toContain(canary);
    return outcome;
  };
  const from = (full_name: string) => ({ head: { repo: { full_name } } });

  it("passes when each declared secret is there", async () => {
    expect(await verify("ci", all, from("hotdash/hotdash"))).toMatchObject({
      code: 0,
      output: expect.stringContaining("all 4 secrets of ci"),
    });
  });

  it("names each that is missing or empty, and none that is there", async () => {
    const { code, output } = await verify("ci", { ...all, FLY_API_TOKEN: "", SUPABASE_URL: undefined });
    expect({ code, named: output.match(/^ {2}\S+$/gm) }).toEqual({
      code: 1,
      named: ["  FLY_API_TOKEN", "  SUPABASE_URL"],
    });
  });

  it.each<[string, object, NodeJS.ProcessEnv]>([
    ["a fork", from("somebody/hotdash"), {}],
    ["a fork that is gone", { head: { repo: null } }, {}],
    ["Dependabot", from("hotdash/hotdash"), { GITHUB_ACTOR: "dependabot[bot]" }],
  ])("says so and passes for %s", async (_name, pull, env) => {
    expect(await verify("ci", env, pull)).toMatchObject({
      code: 0,
      output: expect.stringContaining("skipped. GitHub hands no secrets"),
    });
  });

  it("knows a GitHub environment, and no other scope", async () => {
    const staging = await verify("staging", { DATABASE_URL: canary });
    expect(staging).toMatchObject({ code: 1, output: expect.stringContaining("gh secret set NAME --env staging") });
    expect(staging.output).not.toContain("DATABASE_URL");
    expect(await verify("stage", all)).toMatchObject({
      code: 2,
      output: expect.stringContaining("known are ci, production, staging"),
    });
  });
});
