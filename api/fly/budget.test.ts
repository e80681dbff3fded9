import fc from "fast-check";
import { Budget, type Limit } from "./budget";
import { fakeClock } from "./fake";

const limit: Limit = { perSecond: 1, burst: 3 };

/** When each of `count` requests of one key leaves, in ms from the start. */
async function departures(count: number, of: Limit): Promise<number[]> {
  const clock = fakeClock();
  const start = clock.now();
  const budget = new Budget(clock);
  const left: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const answered = await budget.take("key", of);
    left.push(clock.now() - start);
    answered();
  }
  return left;
}

test("lets a burst through at once, then one a second, a little late", async () => {
  expect(await departures(5, limit)).toEqual([0, 0, 0, 1020, 2020]);
});

test("keeps keys apart", async () => {
  const clock = fakeClock();
  const budget = new Budget(clock);
  for (const key of ["a", "b", "c", "d", "e"]) await budget.take(key, { perSecond: 1, burst: 1 });
  expect(clock.slept).toEqual([]);
});

test("never sends more than a token bucket of Fly's size would let through", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 10 }), async (count, burst) => {
      const of = { perSecond: 1 + (burst % 5), burst };
      let tokens = burst;
      let last = 0;
      for (const at of await departures(count, of)) {
        tokens = Math.min(burst, tokens + ((at - last) / 1000) * of.perSecond) - 1;
        last = at;
        expect(tokens).toBeGreaterThanOrEqual(-1e-9);
      }
    }),
  );
});

test("never exceeds the limit where requests arrive at any moment between leaving and answer", async () => {
  const delays = fc.array(fc.record({ way: fc.nat(800), work: fc.nat(5000) }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 4 }), async (requests, burst) => {
      const of = { perSecond: 1, burst };
      const clock = fakeClock();
      const budget = new Budget(clock);
      const arrivals: number[] = [];
      let open: { readonly at: number; readonly answered: () => void }[] = [];
      for (const { way, work } of requests) {
        const answered = await budget.take("key", of);
        arrivals.push(clock.now() + way);
        open.push({ at: clock.now() + way + work, answered });
        // The clock of the test moves with the waits only, so an answer is heard late here, never early.
        for (const { at, answered: heard } of open) if (at <= clock.now()) heard();
        open = open.filter(({ at }) => at > clock.now());
      }
      let tokens = burst;
      let last = 0;
      for (const at of arrivals.sort((a, b) => a - b)) {
        tokens = Math.min(burst, tokens + (at - last) / 1000) - 1;
        last = at;
        expect(tokens).toBeGreaterThanOrEqual(-1e-9);
      }
    }),
  );
});

test("does not wait for the answer of a call that takes Fly long", async () => {
  const clock = fakeClock();
  const start = clock.now();
  const budget = new Budget(clock);
  const left: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    await budget.take("key", limit);
    left.push(clock.now() - start);
  }
  expect(left.at(-1)).toBeLessThanOrEqual(7200);
});

test("holds a key back for as long as Fly asks", async () => {
  const clock = fakeClock();
  const budget = new Budget(clock);
  const answered = await budget.take("key", limit);
  answered();
  budget.hold("key", limit, 5000);
  await budget.take("key", limit);
  expect(clock.slept).toEqual([5020]);
});
