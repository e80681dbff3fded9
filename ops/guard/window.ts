import type { Guard } from "../../config/guard-shape";

type Window = NonNullable<Guard["window"]>;

/** Where the time lies outside the window: both in words; undefined: it is within. `now`: Unix ms. */
export function outsideWindow({ days, from, to, timeZone }: Window, now: number): string | undefined {
  const form = { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", form).formatToParts(now).map(({ type, value }) => [type, value]),
  );
  const [weekday = "", time] = [parts.weekday, `${parts.hour}:${parts.minute}`];
  if (days.includes(weekday) && from <= time && time < to) return undefined;
  return `it is ${weekday} ${time}, and changes begin ${days.join(", ")} ${from} to ${to} (${timeZone})`;
}
