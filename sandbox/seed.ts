import { z } from "zod";
import { tokenHash } from "./auth";
import { allocateAddress } from "./fly/address";
import { createApp } from "./fly/app";
import { createCertificate } from "./fly/certificate";
import { addEvent, end } from "./fly/lifecycle";
import { createMachine, createMachineBody } from "./fly/machine-write";
import { setSecrets } from "./fly/secret";
import { completeVolume, createVolume } from "./fly/volume";
import { applyGithubSeed, defaultGithubSeed, githubSeedSchema } from "./github/seed";
import type { AppRow } from "./row";
import type { World } from "./world";

const seedApp = z.strictObject({
  name: z.string(),
  org: z.string(),
  network: z.string().optional(),
  /** Bodies of machine creates; `count` makes several. They run at once. */
  machines: z.array(createMachineBody.extend({ count: z.int().min(1).default(1) })).default([]),
  volumes: z.array(z.strictObject({ name: z.string(), region: z.string(), size_gb: z.int().optional() })).default([]),
  secrets: z.record(z.string(), z.string()).default({}),
  addresses: z.array(z.enum(["v4", "v6", "shared_v4", "private_v6"])).default([]),
  certificates: z.array(z.string()).default([]),
});

/** What a sandbox begins with. */
const seedSchema = z.strictObject({
  organizations: z.array(z.strictObject({ slug: z.string(), name: z.string(), quota: z.int().min(0).optional() })),
  users: z.array(z.strictObject({ email: z.string(), name: z.string() })).default([]),
  tokens: z.array(
    z.strictObject({
      token: z.string().min(1),
      kind: z.enum(["org-deploy", "org-readonly", "app-deploy", "none"]),
      org: z.string(),
      apps: z.array(z.string()).optional(),
      user: z.string().optional(),
    }),
  ),
  apps: z.array(seedApp).default([]),
  /** Absent: nobody is on GitHub. */
  github: githubSeedSchema.optional(),
});

export type Seed = z.input<typeof seedSchema>;

/** Two organizations, one user, and a token of each kind. */
export const defaultSeed: Seed = {
  organizations: [
    { slug: "hotdash", name: "HotDash" },
    { slug: "other-org", name: "Other Organization" },
  ],
  users: [{ email: "dev@hotdash.example", name: "HotDash Developer" }],
  tokens: [
    { token: "fo1_sandbox_deploy", kind: "org-deploy", org: "hotdash", user: "dev@hotdash.example" },
    { token: "fo1_sandbox_readonly", kind: "org-readonly", org: "hotdash", user: "dev@hotdash.example" },
    { token: "fo1_sandbox_other", kind: "org-deploy", org: "other-org", user: "owner@other.example" },
    { token: "fo1_sandbox_none", kind: "none", org: "hotdash", user: "nobody@hotdash.example" },
  ],
  github: defaultGithubSeed,
};

/**
 * Puts a seed into a state. Organizations, users and tokens are brought up to date each time;
 * apps are made only in an empty state.
 *
 * @throws ZodError when the seed has another shape; ApiError when Fly would refuse an app of it
 */
export function applySeed(world: World, given: Seed): void {
  const { state } = world.store;
  const seed = seedSchema.parse(given);
  for (const organization of seed.organizations) {
    const before = state.organizations.get(organization.slug);
    const ids = before ?? { id: world.ids.hex(16), internalNumericId: 100 + world.ids.number() };
    state.organizations.set(organization.slug, {
      id: ids.id,
      internalNumericId: ids.internalNumericId,
      slug: organization.slug,
      name: organization.name,
      ...(organization.quota !== undefined && { quota: organization.quota }),
    });
  }
  for (const user of seed.users) {
    state.users.set(user.email, { id: state.users.get(user.email)?.id ?? world.ids.hex(16), ...user });
  }
  for (const { token, ...rest } of seed.tokens) {
    const hash = tokenHash(token);
    const id = state.tokens.get(hash)?.id ?? `tok_${world.ids.hex(12)}`;
    state.tokens.set(hash, { hash, id, name: `${rest.kind} token`, ...rest });
  }
  if (state.apps.size === 0) for (const app of seed.apps) seedOneApp(world, app);
  if (seed.github) applyGithubSeed(world, seed.github);
  world.store.touch();
}

function seedOneApp(world: World, seed: z.output<typeof seedApp>): void {
  const app = createApp(world, seed);
  const user = "seed";
  if (Object.keys(seed.secrets).length > 0) setSecrets(world, app, seed.secrets, user);
  for (const volume of seed.volumes) createVolume(world, app, completeVolume(volume));
  for (const type of seed.addresses) allocateAddress(world, app, { type });
  for (const hostname of seed.certificates) createCertificate(world, app, hostname);
  for (const { count, ...body } of seed.machines) {
    for (let i = 0; i < count; i++) settleAtOnce(world, app, createMachine(world, app, body, user).id);
  }
}

function settleAtOnce(world: World, app: AppRow, id: string): void {
  const machine = app.machines.get(id);
  if (!machine) return;
  machine.startedAt = world.clock.now() - world.timings.checkMs;
  if (!machine.skipLaunch) addEvent(world, machine, { type: "start", status: "started", source: "flyd" });
  end(world, machine, machine.skipLaunch ? "stopped" : "started");
}
