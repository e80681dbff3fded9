/** What happens behind Terraform's back in the demo, and how a plan has to show it. */
import type { Finding } from "../report/model";
import type { Outsider } from "./outsider";

export interface Mischief {
  /** What somebody does. */
  readonly title: string;
  /** The stack whose plan has to show it. */
  readonly stack: string;
  /** Does it and returns what the plan has to say. */
  act(outsider: Outsider, app: string): Promise<Expected>;
}

export interface Expected {
  /** In words, with the object's name. */
  readonly what: string;
  isFoundBy(finding: Finding): boolean;
}

/** One of each kind: a field, a removed check, an object that nobody declared, a secret, a state. */
export const mischief: readonly Mischief[] = [
  {
    title: "A production machine gets half of its memory (as `fly machine update --vm-memory 1024` would)",
    stack: "production",
    async act(outsider, app) {
      const machine = first(await outsider.machines(app));
      await outsider.update(app, machine, (config) => ({ ...config, guest: { ...config.guest, memory_mb: 1024 } }));
      return {
        what: `memory of machine ${machine.id}`,
        isFoundBy: ({ path, text }) => mentions(path, text, machine.id, "memory_mb"),
      };
    },
  },
  {
    title: "The other production machine is stopped by hand",
    stack: "production",
    async act(outsider, app) {
      const machine = (await outsider.machines(app))[1] ?? first([]);
      await outsider.stop(app, machine);
      return {
        what: `forced stop of machine ${machine.id}`,
        isFoundBy: ({ path, text }) => mentions(path, text, machine.id, "stop"),
      };
    },
  },
  {
    title: "A health check of staging disappears",
    stack: "staging",
    async act(outsider, app) {
      const machine = first(await outsider.machines(app));
      await outsider.update(app, machine, (config) => ({
        ...config,
        services: config.services?.map((service) => ({ ...service, checks: service.checks?.slice(0, 1) })),
      }));
      return {
        what: `removed check of machine ${machine.id}`,
        isFoundBy: ({ path, text }) => /checks/.test(`${path} ${text}`),
      };
    },
  },
  {
    title: "A machine appears in staging that nobody declared (as `fly machine clone` would make it)",
    stack: "staging",
    async act(outsider, app) {
      const { config, region } = first(await outsider.machines(app));
      const { id } = await outsider.create(app, { region, config });
      return {
        what: `undeclared machine ${id}`,
        isFoundBy: ({ kind, path, text }) => kind === "undeclared" && mentions(path, text, id, ""),
      };
    },
  },
  {
    title: "A secret of the support desk is replaced (as `fly secrets set` would)",
    stack: "chatwoot",
    async act(outsider, app) {
      const name = "SECRET_KEY_BASE";
      await outsider.setSecret(app, name, "replaced-by-somebody");
      return {
        what: `rotated secret ${name}`,
        isFoundBy: ({ path, text }) => mentions(path, text, name, "changed outside"),
      };
    },
  },
];

function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("The app has no machine to play with.");
  return one;
}

const mentions = (path: string, text: string, ...words: readonly string[]): boolean =>
  words.every((word) => `${path} ${text}`.includes(word));
