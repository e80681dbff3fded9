import { dirname } from "node:path";
import { describeWith, findTool } from "../workflows/support/tool";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";

/** Secrets that were never valid, put together here so that no scan of this repository finds them. */
const secret = {
  password: ["hV7qPz2", "LmX9wRt"].join(""),
  supabase: ["sbp", "0a1b2c3d4e".repeat(4)].join("_"),
  // The role begins at another third of a base64 group in each.
  services: ["", "a", "ab"].map(serviceKey).join(" "),
  publer: ["k9Xw2Lq8", "Vt4Zr7Ny1Bm5"].join(""),
  chatwoot: ["Qw7Er2Ty", "9Ui4Op1As6Df"].join(""),
  github: ["ghp", "x7Kd92mQpL4vT8sR1nWb6Yc3Zf5Hj0AgEuXo"].join("_"),
};
const publer = `PUBLER_API_KEY=${secret.publer}`;
const canaries: Readonly<Record<string, string>> = {
  "postgres-url-password": `DATABASE_URL=postgres://app:${secret.password}@db.example.org:5432/app`,
  "supabase-access-token": `token: ${secret.supabase}`,
  "supabase-service-key": `keys: ${secret.services}`,
  "publer-api-key": publer,
  "chatwoot-access-token": `api_access_token: ${secret.chatwoot}`,
  "github-pat": `const key = "${secret.github}"`,
};

/** A JSON web token as Supabase signs it for its service role. */
function serviceKey(more: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = part({ iss: "supabase", ref: `abcdefghijklmnop${more}`, role: "service_role" });
  return `${part({ alg: "HS256", typ: "JWT" })}.${claims}.${"s4Kd92mQpL4vT8sR1nWb6Yc3Zf5Hj0AgEuXo7Kd9"}`;
}

describeWith(["gitleaks"], "the secret scan", () => {
  let repository: ManagedRepository;
  beforeEach(() => {
    repository = managedRepository();
  });
  afterEach(() => repository.remove());
  const path = () => `${dirname(findTool("gitleaks") ?? "")}:${process.env.PATH}`;
  const scan = (...args: string[]) => repository.run("scripts/policy/scan.sh", args, { PATH: path() });

  it("finds nothing in what is generated, nor in the address of a database on this machine", async () => {
    repository.write("app/a.ts", `const url = "postgres://app:${secret.password}@127.0.0.1:5432/app";\n`);
    repository.commit("Write");
    expect(await scan()).toMatchObject({ code: 0, output: expect.stringContaining("scan: no secret found") });
  });

  it("finds each kind of secret anywhere in the history, shows none, and ends in 9", async () => {
    for (const [rule, text] of Object.entries(canaries)) repository.write(`app/${rule}.txt`, `${text}\n`);
    repository.commit("Leak");
    repository.git("rm", "-rq", "app");
    repository.commit("Hide");
    const { code, output } = await scan("--report", "found.sarif");
    expect(output.match(/RuleID:\s+supabase-service-key/g)).toHaveLength(3);
    const found = new Set([...output.matchAll(/RuleID:\s+(\S+)/g)].map(([, rule]) => rule));
    expect({ code, missed: Object.keys(canaries).filter((rule) => !found.has(rule)) }).toEqual({
      code: 9,
      missed: [],
    });
    const report = repository.read("found.sarif");
    const shown = `${output}${report}`;
    expect(
      Object.values(secret)
        .flatMap((value) => value.split(" "))
        .filter((value) => shown.includes(value)),
    ).toEqual([]);
  });

  it("looks past a comment that allows a secret, and at the commits of a range only", async () => {
    const clean = repository.git("rev-parse", "HEAD").trim();
    repository.write("app/a.txt", `${publer} # gitleaks:allow\n`);
    const leak = repository.commit("Leak");
    repository.write("app/b.txt", "nothing\n");
    repository.commit("Go on");
    expect((await scan("--range", `${clean}..HEAD`)).code).toBe(9);
    expect((await scan("--range", `${leak}..HEAD`)).code).toBe(0);
  });

  it.each<[string, () => void, string[], string]>([
    [
      "a configuration that does not parse",
      () => repository.write(".gitleaks.toml", "[extend]\nuseDefault = true\n["),
      [],
      "gitleaks failed",
    ],
    [
      "an allow list without a reason",
      () => repository.write(".gitleaksignore", "a:b:c:1\n"),
      [],
      "because of the allow lists",
    ],
    ["a range that git does not know", () => {}, ["--range", "no..where"], "git knows no commits no..where"],
    ["an unknown option", () => {}, ["--all"], "--all is not an option"],
  ])("ends in 1 for %s", async (_name, prepare, args, words) => {
    prepare();
    expect(await scan(...args)).toMatchObject({ code: 1, output: expect.stringContaining(words) });
  });

  it("refuses a history that is cut", async () => {
    repository.write("app/a.txt", "a\n");
    repository.commit("Go on");
    repository.git("clone", "-q", "--depth", "1", `file://${repository.folder}`, "cut");
    const outcome = await repository.run("cut/scripts/policy/scan.sh", [], { PATH: path() });
    expect(outcome).toMatchObject({ code: 1, output: expect.stringContaining("fetch-depth: 0") });
  });

  it("keeps a secret out of a commit, by the hook itself and as the pre-commit framework calls it", async () => {
    repository.write("app/a.txt", `${publer}\n`);
    repository.git("add", "-A");
    const commit = [
      "-c",
      "user.name=Test",
      "-c",
      "user.email=t@example.org",
      "-c",
      "core.hooksPath=.githooks",
      "commit",
      "-m",
      "Leak",
    ];
    const hook = await repository.run("git", commit, { PATH: path() });
    expect(hook).toMatchObject({
      code: 1,
      output: expect.stringContaining("nothing was committed. Take the secret out"),
    });
    const entry = /entry: (.*)/.exec(repository.read(".pre-commit-config.yaml"))?.[1] ?? "";
    expect((await repository.run("sh", ["-c", entry], { PATH: path() })).code).toBe(9);
    repository.git("reset", "-q");
    repository.write("app/b.txt", "nothing\n");
    repository.git("add", "app/b.txt");
    expect((await repository.run("git", commit, { PATH: path() })).code).toBe(0);
  });
});

test("the hook lets nothing through where gitleaks is not on the machine", async () => {
  const repository = managedRepository();
  const outcome = await repository.run("/bin/sh", ["-c", "command() { return 1; }; . ./.githooks/pre-commit"]);
  repository.remove();
  expect(outcome).toMatchObject({
    code: 1,
    output: expect.stringContaining("gitleaks is not on this machine, so nothing was committed"),
  });
});
