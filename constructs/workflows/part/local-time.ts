/**
 * A cron in UTC that begins soon after each time of day in a time zone, in summer and in winter: one hour for each offset that the zone has.
 * Whoever is started so has to find out whether it is due.
 *
 * @param times such as ["09:00", "17:00"]
 * @param minute minute of the hour at which runs begin; off the full hour (W16)
 */
export function cronAfter(times: readonly string[], timeZone: string, minute: number): string {
  const offsets = [0, 6].map((month) => offsetMinutes(Date.UTC(2026, month, 15), timeZone));
  const hours = times.flatMap((time) => {
    const [hour = 0, past = 0] = time.split(":").map(Number);
    return offsets.map((offset) => {
      const wanted = hour * 60 + past - offset;
      return ((Math.ceil((wanted - minute) / 60) % 24) + 24) % 24;
    });
  });
  const sorted = [...new Set(hours)].sort((one, other) => one - other);
  return `${minute} ${sorted.join(",")} * * *`;
}

/** How far the clocks of a time zone are ahead of UTC at an instant. */
function offsetMinutes(instantMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(instantMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
