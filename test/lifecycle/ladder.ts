/** The ladder that every resource climbs on real Terraform: what it is to show is data. */
import type { Configuration, Workshop } from "./workshop";
import { openWorkshop } from "./workshop";

type Attributes = Readonly<Record<string, unknown>>;

/** What the steps of a resource get: the sandbox, and the resource's attributes as the state has them. */
export interface Scene {
  readonly workshop: Workshop;
  readonly state: Readonly<Record<string, unknown>>;
}

/** A change behind Terraform's back. */
export interface Outside {
  /** What happens, as the end of a sentence: "the retention is raised". */
  readonly when: string;
  change(scene: Scene): unknown;
  /** Attributes that the plan shows, all of them; "?" behind what becomes known only in the apply. */
  readonly shows: readonly string[];
}

export interface Ladder {
  readonly type: string;
  /** What the resource stands on: the other resources of the configuration. */
  readonly beside?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  /** Env vars of the runs, such as sources of secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly minimal: Attributes;
  /** A change in place, and what the plan shows of it; absent: nothing can be changed in place. */
  readonly changed?: { readonly to: Attributes; readonly shows: readonly string[] };
  /** A change that replaces; `via` is the attribute that asks for it, `first` is applied before. */
  readonly replaced: { readonly to: Attributes; readonly via: string; readonly first?: Attributes };
  readonly drift?: readonly Outside[];
  /** The key to import by, from the state. */
  importId(state: Readonly<Record<string, unknown>>): string;
  /** Removes the object behind Terraform's back; absent: it goes only with what it stands on. */
  readonly vanish?: (scene: Scene) => unknown;
}

const created = ["create"];
const updated = ["update"];

/** Declares the tests of a resource: one test per step, in order, on one sandbox. */
export function check(ladder: Ladder): void {
  const address = `${ladder.type}.it`;
  let workshop: Workshop;
  let present = ladder.minimal;

  const write = (attributes: Attributes | undefined) => {
    const resource: Record<string, unknown> = { ...ladder.beside };
    if (attributes) resource[ladder.type] = { ...ladder.beside?.[ladder.type], it: attributes };
    workshop.write({ resource } satisfies Configuration);
  };
  const scene = (): Scene => ({ workshop, state: workshop.state(address) });
  const expectEmptyPlan = async () => {
    const { code, text } = await workshop.plan();
    expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
  };
  const expectPlan = async (actions: readonly string[], attributes?: readonly string[]) => {
    const { changes, text, code } = await workshop.plan();
    if (code !== 2) throw new Error(`the plan ended with ${code}:\n${text}`);
    expect(changes.map(({ address }) => address)).toEqual([address]);
    expect(changes[0]?.actions).toEqual(actions);
    if (attributes) expect(changes[0]?.attributes).toEqual([...attributes].sort());
  };

  describe(ladder.type, () => {
    beforeAll(async () => {
      workshop = await openWorkshop();
      Object.assign(workshop.env, ladder.env);
    });
    afterAll(() => workshop.close());

    test("is created, and the next plan is empty", async () => {
      write(present);
      await workshop.apply();
      await expectEmptyPlan();
      await workshop.host();
    });

    if (ladder.changed) {
      const { to, shows } = ladder.changed;
      test("is changed in place, as the plan says, and the next plan is empty", async () => {
        present = to;
        write(present);
        await expectPlan(updated, shows);
        await workshop.apply("plan");
        await expectEmptyPlan();
      });
    }

    for (const { when, change, shows } of ladder.drift ?? []) {
      test(`when ${when}, the plan shows exactly that, and the apply undoes it`, async () => {
        await change(scene());
        await expectPlan(updated, shows);
        await workshop.apply("plan");
        await expectEmptyPlan();
      });
    }

    test("is imported by its key, and the next plan is empty", async () => {
      const { state } = scene();
      const removed = await workshop.terraform("state", "rm", address);
      expect(removed.code).toBe(0);
      const imported = await workshop.terraform("import", "-no-color", "-input=false", address, ladder.importId(state));
      expect({ code: imported.code, text: imported.code === 0 ? "" : imported.text }).toEqual({ code: 0, text: "" });
      await expectEmptyPlan();
    });

    test("is replaced where it cannot be changed, and the next plan is empty", async () => {
      const { to, via, first } = ladder.replaced;
      if (first) {
        write(first);
        await workshop.apply();
      }
      present = to;
      write(present);
      await expectPlan(["delete", "create"]);
      expect((await workshop.terraform("show", "-no-color", "plan")).text).toMatch(
        new RegExp(`${via} .*# forces replacement`),
      );
      await workshop.apply("plan");
      await expectEmptyPlan();
    });

    const { vanish } = ladder;
    if (vanish) {
      test("is created again when it is gone", async () => {
        await vanish(scene());
        await expectPlan(created);
        await workshop.apply("plan");
        await expectEmptyPlan();
      });
    }

    test("is destroyed, and the sandbox is empty", async () => {
      await workshop.apply("-destroy");
      expect(workshop.sandbox.control.status()).toMatchObject({ apps: 0, machines: 0 });
    });
  });
}
