import { repository } from "../../config/repository";
import { governance } from "../../constructs/github/governance";
import { githubSeedSchema } from "../../sandbox/github/seed";
import { seedFor } from "./seed";

const environment = { approvers: ["octocat", "team/release"], secrets: ["KEY", "GROUP_*"] };

test("a governed repository starts with its people, teams and secrets, and with nothing that is managed", () => {
  const production = { ...(repository.environments.production ?? missing()), ...environment };
  const wanted = governance({
    ...repository,
    owner: "acme",
    environments: { production },
    secrets: ["TOKEN", "ANY_*"],
  });
  const { github } = seedFor(["fly-acme"], [wanted]);
  expect(github.users.map(({ login }) => login)).toEqual(["sandbox-owner", "sandbox-dev", "octocat"]);
  expect(github.organizations[0]).toMatchObject({
    login: "acme",
    members: { octocat: "member", "sandbox-owner": "admin" },
  });
  expect(github.organizations[0]?.teams.map(({ slug, members }) => [slug, Object.keys(members).length])).toEqual([
    ["maintainers", 2],
    ["break-glass", 0],
    ["release", 0],
  ]);
  expect(github.repositories).toMatchObject([
    { owner: "acme", name: "hotdash", secrets: ["TOKEN"], environments: { production: ["KEY"] } },
  ]);
  expect(githubSeedSchema.safeParse(github).error).toBeUndefined();
});

function missing(): never {
  throw new Error("the configuration has no GitHub environment production");
}
