import { compare } from "./parity";
import type { Side } from "./side";

type Change = (side: { declared: Record<string, unknown>; live: Record<string, unknown> }) => void;

/** An environment that is as declared; `change` makes it otherwise. */
function side(environment: string, guest: string, change: Change = () => {}): Side {
  const made = {
    environment,
    app: `${environment}-app`,
    declared: { secrets: ["DATABASE_URL"], guests: { app: guest }, counts: { app: { least: 1, most: 2 } } },
    live: {
      status: "deployed",
      secrets: ["DATABASE_URL"],
      guests: { app: [guest] },
      counts: { app: 1 },
      image: `registry.fly.io/${environment}:v1`,
      unwell: [],
    },
  };
  change(made);
  return made;
}

const found = (left?: Change, right?: Change) =>
  compare(side("staging", "shared-1x 1024 MB", left), side("production", "shared-2x 2048 MB", right)).filter(
    ({ verdict }) => verdict !== "same",
  );

test("sizes that are declared to differ are no difference", () => {
  expect(found()).toEqual([
    { what: "size of group app", left: "shared-1x 1024 MB", right: "shared-2x 2048 MB", verdict: "declared" },
  ]);
});

test.each<{ what: string; left?: Change; right?: Change; says: string; action: string }>([
  {
    what: "an app that is gone",
    right: ({ live }) => {
      live.status = undefined;
    },
    says: "status",
    action: "npx infra apply production",
  },
  {
    what: "an app that is suspended",
    left: ({ live }) => {
      live.status = "suspended";
    },
    says: "status",
    action: "fly status -a staging-app",
  },
  {
    what: "a secret that production lacks",
    right: ({ live }) => {
      live.secrets = [];
    },
    says: "secret DATABASE_URL",
    action: "set the value's source and run npx infra apply production",
  },
  {
    what: "a secret that nobody declared",
    left: ({ live }) => {
      live.secrets = ["DATABASE_URL", "OLD"];
    },
    says: "secret OLD",
    action: "declare OLD for production, or remove it: fly secrets unset OLD -a staging-app",
  },
  {
    what: "a size that is not as declared",
    left: ({ live }) => {
      live.guests = { app: ["shared-1x 512 MB"] };
    },
    says: "size of group app",
    action: "npx infra plan staging, then apply",
  },
  {
    what: "too few machines",
    right: ({ live }) => {
      live.counts = { app: 0 };
    },
    says: "machines of group app",
    action: "npx infra plan production, then apply",
  },
  {
    what: "an environment that was never deployed",
    right: ({ live }) => {
      live.image = undefined;
    },
    says: "version",
    action: "deploy production",
  },
  {
    what: "a check that fails",
    left: ({ live }) => {
      live.unwell = ["check http of machine a is critical"];
    },
    says: "health",
    action: "fly checks list -a staging-app",
  },
])("$what differs, with what to do", ({ left, right, says, action }) => {
  expect(found(left, right).filter(({ verdict }) => verdict === "differs")).toEqual([
    expect.objectContaining({ what: says, action }),
  ]);
});

test("a secret that only one of them is to have is declared", () => {
  const extra: Change = ({ live, declared }) => {
    live.secrets = ["DATABASE_URL", "STAGING_ONLY"];
    declared.secrets = ["DATABASE_URL", "STAGING_ONLY"];
  };
  expect(found(extra).map(({ what, verdict }) => `${what} ${verdict}`)).toContain("secret STAGING_ONLY declared");
});
