/** `plan --out` and `apply --reviewed`: what was reviewed is done, and nothing else, with real Terraform. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { app, type FlyProject, flyProject } from "./support/fly-project";

let project: FlyProject;
const record = "shop.reviewed.json";
const path = () => join(project.directory, record);
const review = async () => expect((await project.infra(["plan", "shop", "--out", record])).code).not.toBe(1);
const applyReviewed = () => project.infra(["apply", "--reviewed", record, "--yes"]);

const other = { fly_app: { app: { name: "other" } } };

beforeAll(async () => {
  project = await flyProject({ shop: app("shop"), other });
});
afterAll(() => project.close());

test("what was reviewed is applied, and may be reviewed again and again without a difference", async () => {
  await review();
  const first = readFileSync(path(), "utf8");
  for (let round = 0; round < 3; round += 1) {
    await review();
    expect(readFileSync(path(), "utf8")).toBe(first);
  }
  expect(await applyReviewed()).toMatchObject({ code: 0, stdout: "shop: as declared now; 2 resources changed\n" });
});

test("the record of a state that has moved since is refused", async () => {
  const { code, stderr } = await applyReviewed();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ {2}shop state: reviewed no state, now serial \d+ of [0-9a-f-]+$/m);
  expect(stderr).toContain("  shop fly_process_group.web: reviewed create, now nothing\n");
  expect(stderr).toMatch(/npx infra plan shop --out \S+shop\.reviewed\.json \[infra\/not-reviewed\]/);
});

test("a machine that was changed outside since the review is refused, and stays as it is", async () => {
  await review();
  const [machine] = await project.fly.machines.list("shop");
  const image = machine?.config?.image;
  if (!image) throw new Error("no machine with an image");
  const config = { ...machine.config, image, guest: { ...machine.config?.guest, memory_mb: 1024 } };
  await project.fly.machines.update("shop", machine.id, { config, current_version: machine.instance_id });
  const { code, stderr } = await applyReviewed();
  expect(code).toBe(1);
  expect(stderr).toContain("  shop fly_process_group.web: reviewed nothing, now update\n");
  expect((await project.fly.machines.list("shop"))[0]?.config?.guest?.memory_mb).toBe(1024);
});

test("one other value in the configuration is refused, with what was reviewed and what it is now", async () => {
  project.declare({ shop: app("shop", { env: { GREETING: "hello" } }), other });
  await review();
  project.declare({ shop: app("shop", { env: { GREETING: "hellp" } }), other });
  const { code, stderr } = await applyReviewed();
  expect(code).toBe(1);
  expect(stderr).toContain("  shop configuration resource.fly_process_group.web: is declared otherwise\n");
  expect(stderr).toContain(
    '  shop fly_process_group.web: env.GREETING: reviewed not set -> "hello", now not set -> "hellp"\n',
  );
});

test("the record of a pull request's review holds for the apply after its merge", async () => {
  const stacks = (greeting: string) => ({ shop: app("shop", { env: { GREETING: greeting } }), other });
  project.declare(stacks("good day"));
  await project.infra(["releases", "none"]);
  for (const name of ["shop", "other"]) {
    const file = join("stacks", name, "cdk.tf.json");
    cpSync(join(project.directory, "cdktf.out", file), join(project.directory, "proposed", file));
  }
  project.declare(stacks("hellp"));
  const reviewed = await project.infra(["review", "--declared", "proposed", "--out", record]);
  expect({ code: reviewed.code, stderr: reviewed.stderr }).toEqual({ code: 2, stderr: expect.any(String) });
  project.declare(stacks("good day"));
  expect((await applyReviewed()).code).toBe(0);
});

test("a stack that was not reviewed is refused by its name", async () => {
  const { code, stderr } = await project.infra(["apply", "--reviewed", record, "--yes", "other"]);
  expect({ code, told: stderr.includes("  other the stack: was not reviewed\n") }).toEqual({ code: 1, told: true });
});

test.each([
  ["is not there", undefined, "does not exist"],
  ["is no JSON", () => "{", "it is no JSON"],
  ["is something else", () => '{"version":1,"stacks":{},"run":"rm"}', "is no record of a review"],
  ["was edited", (text: string) => text.replace("good day", "bad day"), "was changed after it was made: stack shop"],
])("a record that %s is refused before anything is read", async (_what, change, told) => {
  const file = `${record}.bad`;
  if (change) writeFileSync(join(project.directory, file), change(readFileSync(path(), "utf8")));
  const { code, stderr } = await project.infra(["apply", "--reviewed", change ? file : "none", "--yes"]);
  expect({ code, told: stderr.includes(told) && stderr.includes("[infra/reviewed-file]") }).toEqual({
    code: 1,
    told: true,
  });
});
