/** The managed scripts of deployments with the real flyctl against the sandbox: what they read of flyctl's answers and what they send it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configuration } from "../../config";
import { renderFlyToml } from "../../constructs/fly/fly-toml";
import { type ManagedRepository, managedRepository } from "../managed/support/managed-repository";
import { type Served, serve } from "../workflows/support/site";
import { type Bench, createBench, findFlyctl } from "./flyctl";

const binary = findFlyctl();
const app = "hotdash-pr-7";
const image = (tag: string) => `registry.fly.io/${app}:${tag}`;

(binary ? describe : describe.skip)("the scripts of deployments with the real flyctl (needs flyctl)", () => {
  let bench: Bench;
  let repository: ManagedRepository;
  let site: Served;
  beforeAll(async () => {
    bench = await createBench(binary ?? "");
    site = await serve({ well: { "/": [200] } });
    repository = managedRepository();
    repository.write("fly.preview.toml", renderFlyToml(configuration().environments.preview));
    // The network of a test has no fly.dev to resolve.
    repository.write(
      "bin/flyctl",
      `#!/bin/bash\n[ "$1" = deploy ] && set -- "$@" --dns-checks=false\nexec ${binary} "$@"\n`,
    );
    repository.write("bin/sleep", "#!/bin/bash\n");
  });
  afterAll(async () => {
    await bench.close();
    await site.close();
    repository.remove();
  });

  async function script(line: string, env: NodeJS.ProcessEnv = {}) {
    const [name = "", ...args] = line.split(" ");
    const given = join(repository.folder, "given");
    repository.write("given", "");
    const PATH = `${repository.folder}/bin:${process.env.PATH}`;
    const all = { ...bench.env, PATH, GITHUB_OUTPUT: given, ...env };
    const { code, output } = await repository.run("node", [`scripts/ops/${name}.mjs`, ...args], all);
    return { code, output, given: readFileSync(given, "utf8") };
  }
  const verify = (tag: string) =>
    script(
      `verify-deployment --app ${app} --url ${site.redirect("https://well")} --paths / --image ${image(tag)} --attempts 3 --watch 15`,
    );
  const deploy = (tag: string) =>
    script(`deploy --app ${app} --config fly.preview.toml --image ${image(tag)} --one-machine --log log/deploy.log`);

  test("a preview from its first push to its end", async () => {
    const preview = "--pattern hotdash-pr-{number} --number 7";
    expect(await script(`preview-app --ensure --org hotdash ${preview}`)).toMatchObject({
      code: 0,
      given: `app=${app}\n`,
    });
    expect(await script(`preview-app --ensure --org hotdash ${preview}`)).toMatchObject({ code: 0 });

    const values = { ONE: 'say "yes"', TWO: "first\nsecond" };
    expect(await script(`secrets-import --app ${app} --names ONE,TWO`, values)).toMatchObject({ code: 0 });
    expect((await bench.fly(["secrets", "list", "--app", app])).output).toMatch(/ONE[\s\S]*TWO/);

    expect(await script(`previous-image --app ${app}`)).toMatchObject({ code: 1 });
    expect(await deploy("one")).toMatchObject({ code: 0, given: expect.stringContaining(`image=${image("one")}\n`) });
    expect(await verify("one")).toMatchObject({ code: 0, given: expect.stringContaining("outcome=good") });
    expect(await script(`previous-image --app ${app}`)).toMatchObject({ code: 0, given: `image=${image("one")}\n` });

    expect(await deploy("two")).toMatchObject({ code: 0 });
    expect(await verify("one")).toMatchObject({
      code: 1,
      output: expect.stringContaining(`does not run ${image("one")}`),
    });
    expect(await script(`previous-image --app ${app} --back`)).toMatchObject({ given: `image=${image("one")}\n` });
    expect(await script(`previous-image --app ${app} --release 2`)).toMatchObject({ given: `image=${image("two")}\n` });
    const own = { GITHUB_REPOSITORY: "hotdash/hotdash" };
    expect(await script(`preview-app --mark --owner ada ${preview}`, own)).toMatchObject({
      code: 0,
      given: expect.stringMatching(/^app=hotdash-pr-7\nexpires=20\S+Z\n$/),
    });
    const all = [...(bench.sandbox.control.state().apps.get(app)?.machines.values() ?? [])];
    const carrying = all.find(({ config }) => config.metadata?.fly_process_group === "app");
    expect(carrying?.config.metadata).toMatchObject({
      preview_pull_request: "7",
      preview_owner: "ada",
      preview_repository: "hotdash/hotdash",
    });
    expect(await deploy("missing")).toMatchObject({ code: 5, output: expect.stringContaining("title=image missing") });

    const [machine = { id: "" }] = JSON.parse((await bench.fly(["machine", "list", "--app", app, "--json"])).output);
    bench.sandbox.control.tamper({ kind: "crash", app, machine: machine.id });
    await bench.settled(app, machine.id);
    expect(await verify("two")).toMatchObject({
      code: 1,
      output: expect.stringContaining("exited by itself with code"),
    });

    expect(await script(`preview-app --destroy ${preview}`)).toMatchObject({ code: 0 });
    expect((await bench.fly(["apps", "list"])).output).not.toContain(app);
    expect(await script(`preview-app --destroy ${preview}`)).toMatchObject({
      code: 0,
      output: expect.stringContaining("is not there"),
    });
  });
});
