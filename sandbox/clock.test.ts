import { createClock } from "./clock";

describe("manual clock", () => {
  it("runs what falls due in order, each at its own time", () => {
    const clock = createClock({ manualFrom: 1000 });
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name} at ${clock.now()}`);
    clock.at(1300, note("late"));
    clock.at(1100, () => {
      note("early")();
      clock.at(clock.now() + 50, note("child"));
    });
    clock.at(1300, note("later"));
    clock.at(2000, note("never"));
    clock.advance(500);
    expect(seen).toEqual(["early at 1100", "child at 1150", "late at 1300", "later at 1300"]);
    expect(clock.now()).toBe(1500);
  });

  it("forgets what is cancelled", () => {
    const clock = createClock({ manualFrom: 0 });
    const task = jest.fn();
    clock.at(10, task)();
    clock.advance(20);
    expect(task).not.toHaveBeenCalled();
  });
});

describe("real clock", () => {
  it("runs a task when its time has come", async () => {
    const clock = createClock();
    const startedAt = clock.now();
    await new Promise<void>((resolve) => clock.at(startedAt + 5, resolve));
    expect(clock.now()).toBeGreaterThanOrEqual(startedAt + 5);
  });

  it("can be moved forward", () => {
    const clock = createClock();
    const task = jest.fn();
    clock.at(clock.now() + 60_000, task);
    const begun = Date.now();
    clock.advance(60_000);
    expect(task).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBeGreaterThanOrEqual(begun + 60_000);
  });
});
