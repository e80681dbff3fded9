/**
 * How many of `count` machines may be out of service at once. A share is rounded up as flyctl does; at least one of several
 * machines stays in service, and a single one may always be changed.
 *
 * @param wanted a share ("30%") or a number ("2")
 */
export function mostUnavailable(wanted: string, count: number): number {
  const amount = Number.parseInt(wanted, 10);
  const most = wanted.endsWith("%") ? Math.ceil((count * amount) / 100) : amount;
  return Math.max(1, Math.min(most, count - 1));
}
