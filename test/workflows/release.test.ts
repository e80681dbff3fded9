import { createHash } from "node:crypto";
import { parse } from "yaml";
import type { Overrides } from "../../config/override";
import { managedRepository } from "../managed/support/managed-repository";
import { type Run, runWorkflow, type Scenario } from "./support/act";
import { generated, hotDashWith, managed } from "./support/generated";
import { describeWith } from "./support/tool";

type Step = { name: string; uses?: string; run?: string; "continue-on-error"?: boolean };
type File = { on: object; jobs: Record<string, { needs?: string[]; if?: string; steps: Step[] }> };
const release = (overrides: Overrides = {}): File => parse(generated(hotDashWith(overrides))["release.yml"] ?? "");
const steps = ({ jobs }: File): Step[] => Object.values(jobs).flatMap((job) => job.steps);

describe("release.yml", () => {
  test("runs for version tags alone, and restores no cache", () => {
    expect(release().on).toEqual({ push: { tags: ["v*.*.*"] } });
    expect(steps(release()).filter(({ uses }) => uses?.startsWith("actions/cache"))).toEqual([]);
  });

  test("starts the production deployment last, and only where a tag does", () => {
    expect(Object.keys(release().jobs)).toEqual(["verify", "archive", "release", "ready-versions", "deploy"]);
    expect(release().jobs.deploy?.needs).toContain("release");
    expect(Object.keys(release({ "deploy.production.trigger": "manual" }).jobs)).not.toContain("deploy");
  });

  test("names the archive as the repository", () => {
    const scripts = steps(release({ "repository.name": "shop" })).map(({ run }) => run);
    expect(scripts).toContain('bash scripts/ops/release-tarball.sh shop "$VERSION" release');
  });

  test("names the input that deploy-production.yml has", () => {
    const { on } = parse(generated()["deploy-production.yml"] ?? "");
    expect(Object.keys(on.workflow_dispatch.inputs)).toContain("version");
  });
});

const tree = {
  ...managed(),
  "package.json": '{ "name": "hotdash", "version": "1.2.0" }\n',
  "package-lock.json": "{}\n",
  Dockerfile: "FROM scratch\n",
  "prisma/schema.prisma": "// none\n",
  "build/server/index.js": "listen();\n",
};
const { Dockerfile: _, ...withoutDockerfile } = tree;
const tagged = (tag: string, version = tag.slice(1)): Partial<Scenario> => ({
  tags: [tag],
  payload: { ref: `refs/tags/${tag}` },
  tree: { ...tree, "package.json": JSON.stringify({ name: "hotdash", version }) },
});
const given: Scenario = { files: generated(), file: "release.yml", event: "push", ...tagged("v1.2.0"), stubs: {} };
const creation = (run: Run) => run.commands.find((line) => line.startsWith("gh release create"));

describeWith(["act"], "a run of release.yml", () => {
  const good = { verify: "success", archive: "success", release: "success", "ready-versions": "success" } as const;

  test("releases an archive with its checksum, then starts the production deployment", async () => {
    const older = [
      {
        tag_name: "v1.1.0",
        draft: false,
        prerelease: false,
        published_at: "2026-10-01",
        assets: [{ name: "hotdash-1.1.0.tar.gz" }],
      },
    ];
    const run = await runWorkflow({ ...given, stubs: { gh: { on: "/releases", says: JSON.stringify(older) } } });
    expect(run.jobs).toEqual({ ...good, deploy: "success" });
    expect(creation(run)).toBe(
      "gh release create v1.2.0 --repo hotdash/hotdash --verify-tag --title v1.2.0 --notes-file notes.md release/hotdash-1.2.0.tar.gz release/hotdash-1.2.0.tar.gz.sha256",
    );
    const after = run.commands.slice(run.commands.indexOf(creation(run) ?? ""));
    expect(after).toContain(
      "gh workflow run deploy-production.yml --repo hotdash/hotdash --ref v1.2.0 --field version=v1.2.0",
    );
    expect(run.artifacts["release/hotdash-1.2.0.tar.gz.sha256"]).toMatch(
      /^[0-9a-f]{64} {2}hotdash-1\.2\.0\.tar\.gz\n$/,
    );
    expect(run.summary).toContain("v1.1.0 | .tar.gz.sha256");
    expect(run.summary).toContain("- Begin (");
  });

  const plays: readonly [string, Partial<Scenario>, Partial<Run>, string | undefined][] = [
    [
      "refuses a tag that is not the version of package.json",
      tagged("v1.2.0", "1.1.9"),
      {
        jobs: {
          verify: "failure",
          archive: "skipped",
          release: "skipped",
          "ready-versions": "skipped",
          deploy: "skipped",
        },
        log: expect.stringContaining("the tag is v1.2.0 and package.json says 1.1.9"),
      },
      undefined,
    ],
    [
      "refuses a tag that is no version",
      tagged("v1.2.0.1"),
      { jobs: expect.objectContaining({ verify: "failure", release: "skipped" }) },
      undefined,
    ],
    [
      "makes a prerelease of a prerelease, and never deploys it",
      tagged("v1.2.0-rc.1"),
      { jobs: { ...good, deploy: "skipped" } },
      "--prerelease --latest=false",
    ],
    [
      "fails without something that a release needs, and names it",
      { tree: withoutDockerfile },
      {
        jobs: expect.objectContaining({ archive: "failure", release: "skipped", deploy: "skipped" }),
        log: expect.stringContaining("a release needs Dockerfile, and it is not there"),
      },
      undefined,
    ],
    [
      "leaves a release as it is that is there with other files",
      { stubs: { gh: { on: "release view", says: "false" } } },
      { jobs: expect.objectContaining({ release: "failure", deploy: "skipped" }) },
      undefined,
    ],
  ];
  test.each(plays)("%s", async (_name, change, expected, words) => {
    const run = await runWorkflow({ ...given, ...change });
    expect(run).toMatchObject(expected);
    if (words === undefined) expect(creation(run)).toBeUndefined();
    else expect(creation(run)).toContain(words);
  });
});

describe("the scripts of a release", () => {
  const repository = managedRepository();
  afterAll(() => repository.remove());
  for (const path of ["package.json", "package-lock.json", "Dockerfile", "prisma/schema.prisma", "build/index.js"])
    repository.write(path, `${path}\n`);

  test("pack the same archive of the same files", async () => {
    const digests = [];
    for (const folder of ["one", "two"]) {
      await repository.run("touch", ["--date", folder === "one" ? "2020-01-01" : "2021-01-01", "package.json"]);
      const { code, output } = await repository.run("bash", [
        "scripts/ops/release-tarball.sh",
        "hotdash",
        "1.0.0",
        folder,
      ]);
      expect([code, output]).toEqual([0, "hotdash-1.0.0.tar.gz: OK\n"]);
      const sum = repository.read(`${folder}/hotdash-1.0.0.tar.gz.sha256`);
      digests.push(sum.slice(0, 64));
    }
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(createHash("sha256").update("").digest("hex"));
  });

  test.each([
    ["make a release that is not there", "", ["create"], 0],
    ["make a half-made draft anew", "true", ["delete", "create"], 0],
    ["leave one as it is that has the same files", "false", [], 0],
    ["refuse to change one that has other files", "false", [], 1],
  ])("%s", async (_name, isDraft, done, code) => {
    repository.write("notes.md", "Notes\n");
    repository.write("file.tar.gz", "archive\n");
    repository.write("calls.txt", "");
    const stub = [
      "#!/bin/bash",
      `case "$2" in view) echo "${isDraft}" ;;`,
      `download) echo ${code === 0 ? "archive" : "other"} > "$7/file.tar.gz" ;;`,
      '*) echo "$2" >> calls.txt ;; esac',
    ];
    repository.write("bin/gh", `${stub.join("\n")}\n`);
    const ended = await repository.run(
      "bash",
      ["scripts/ops/release-publish.sh", "v1.0.0", "notes.md", "file.tar.gz"],
      {
        PATH: `${repository.folder}/bin:${process.env.PATH}`,
      },
    );
    expect([ended.code, repository.read("calls.txt").split("\n").filter(Boolean)]).toEqual([code, done]);
  });

  test("compare a version with the one before it by number, and leave prereleases out", async () => {
    const subjects: Readonly<Record<string, string>> = {
      "v1.9.0": "Nine",
      "v1.10.0": "Ten",
      "v1.11.0-rc.2": "Second candidate",
      "v1.11.0-rc.10": "Tenth candidate",
      "v1.11.0": "Eleven",
    };
    for (const [tag, subject] of Object.entries(subjects)) {
      repository.write("change.txt", tag);
      repository.commit(subject);
      repository.git("tag", tag);
    }
    const notes = (tag: string) =>
      repository.run("node", [
        "scripts/ops/release-notes.mjs",
        "--tag",
        tag,
        "--repository",
        "o/r",
        "--trigger",
        "tag",
      ]);
    const changes = async (tag: string) =>
      [...(await notes(tag)).output.matchAll(/^- (.*) \(\w+\)$/gm)].map(([, one]) => one);
    expect(await changes("v1.11.0")).toEqual(["Eleven", "Tenth candidate", "Second candidate"]);
    expect(await changes("v1.11.0-rc.10")).toEqual(["Tenth candidate"]);
    expect((await notes("v1.11.0")).output).toContain("compare/v1.10.0...v1.11.0");
    expect((await notes("v1.11.0-rc.2")).output).toContain("never deployed to production");
    expect(await notes("1.0")).toMatchObject({ code: 2 });
  });
});
