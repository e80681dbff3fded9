/** Everything that the sandbox's GitHub serves, asked for once: made, read, changed, refused where it should be, removed. */
import type { GithubHarness } from "../../../sandbox/github/harness";
import { access, accounts, teams } from "./account";
import { files, gitData, repositories } from "./code";
import { protection, rules } from "./rule";
import { environments, settings } from "./setting";
import { checks, deployments, issues, pulls, releases, runs } from "./work";

const rooms = [accounts, repositories, gitData, files, rules, protection, environments, settings, access, teams].concat(
  [issues, pulls, checks, deployments, releases, runs],
);

/** The whole tour, in an order in which each room finds what it needs. */
export async function tour(ask: GithubHarness["ask"]): Promise<void> {
  for (const room of rooms) await room(ask);
  await ask("DELETE", "", undefined, "ghp_sandbox_dev");
  await ask("DELETE", "//repos/hotdash/second");
}
