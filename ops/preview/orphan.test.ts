import type { FlyReader } from "../../api/fly";
import { livePreviews } from "./orphan";

const hour = 3_600_000;
const now = Date.parse("2026-11-21T12:00:00Z");
const iso = (ms: number) => new Date(now + ms).toISOString();
const pattern = {
  organization: "acme",
  appOf: (number: number) => `shop-pr-${number}`,
  numberOf: (app: string) => (/^shop-pr-[1-9]\d*$/.test(app) ? Number(app.slice(8)) : undefined),
};

interface Note {
  /** When the machine was changed last. */
  readonly at?: string;
  readonly [key: string]: string | undefined;
}

/** Fly with the app of pull request 5 and a machine for each note. */
const flyWith = (notes: readonly Note[]) => {
  const machines = notes.map(({ at = iso(0), ...metadata }, index) => ({
    id: String(index),
    app_name: "shop-pr-5",
    updated_at: at,
    config: { metadata },
  }));
  const reader = {
    apps: { list: async () => [{ name: "shop-pr-5" }, { name: "shop-pr-50x" }, { name: "shop" }] },
    machines: { listOrganization: async () => ({ machines, error_regions: [] }) },
  };
  return reader as unknown as FlyReader;
};

const openOf = (pulls: readonly number[]) => ({
  repository: "acme/shop",
  authors: new Map(pulls.map((number) => [number, "ada"])),
});

test("a pull request that is opened while Fly is asked keeps its preview", async () => {
  const open: number[] = [];
  const fly = flyWith([{}]);
  const slow = { ...fly, apps: { ...fly.apps, list: () => fly.apps.list("acme").finally(() => open.push(5)) } };
  const [found] = await livePreviews(slow, pattern, async () => openOf(open), now);
  expect(found?.pullRequest).toBe("open");
});

test.each<{ what: string; notes: readonly Note[]; pulls: readonly number[] | undefined; is: string }>([
  { what: "without a machine", notes: [], pulls: [5], is: "open" },
  { what: "before its time", notes: [{ preview_expires: iso(hour) }], pulls: [5], is: "open" },
  { what: "after its time", notes: [{ preview_expires: iso(-hour) }], pulls: [5], is: "open, expired" },
  {
    what: "with one machine that has time",
    notes: [{ preview_expires: iso(-hour) }, { preview_expires: iso(hour) }],
    pulls: [5],
    is: "open",
  },
  { what: "without a note, changed 13 days ago", notes: [{ at: iso(-13 * 24 * hour) }], pulls: [5], is: "open" },
  {
    what: "without a note, changed 15 days ago",
    notes: [{ at: iso(-15 * 24 * hour) }],
    pulls: [5],
    is: "open, expired",
  },
  { what: "with a note that is no time", notes: [{ preview_expires: "soon" }], pulls: [5], is: "open" },
  {
    what: "of another repository, after its time",
    notes: [{ preview_expires: iso(-hour), preview_repository: "acme/other" }],
    pulls: [],
    is: "elsewhere",
  },
  {
    what: "of a closed pull request",
    notes: [{ preview_expires: iso(hour) }],
    pulls: [50],
    is: "closed, pull request closed",
  },
  { what: "that nobody asked GitHub about", notes: [{ preview_expires: iso(-hour) }], pulls: undefined, is: "unknown" },
])("a preview $what is $is", async ({ notes, pulls, is }) => {
  const found = await livePreviews(flyWith(notes), pattern, pulls && (async () => openOf(pulls)), now);
  expect(found.map(({ app, pullRequest, orphan }) => [app, [pullRequest, orphan].filter(Boolean).join(", ")])).toEqual([
    ["shop-pr-5", is],
  ]);
});
