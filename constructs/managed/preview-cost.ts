import type { Environment } from "../../config/schema";
import { machineMonth } from "../../provider/facts/price";
import { guestOf, machinesOf } from "../fly/default";

/**
 * What an app costs on Fly in a month, in words: "0.00 to 3.99 US$" from as few machines as may be awake to all that are made, never asleep.
 * An estimate; "not known" where a region has no known price.
 */
export function previewCost({ groups, regions }: Environment): string {
  const [region = ""] = regions;
  const each = Object.values(groups).map((group) => {
    const machines = machinesOf(group, regions.length);
    const made = typeof machines === "number" ? machines : machines.min;
    const { services = [] } = group;
    const sleeps = services.some(({ autostop = "off" }) => autostop !== "off");
    const awake = sleeps ? Math.max(...services.map(({ minRunning = 0 }) => minRunning)) : made;
    const { memoryMb = Number.NaN, ...guest } = guestOf(group);
    const month = machineMonth({ ...guest, memoryMb }, region) ?? Number.NaN;
    return { least: awake * month, most: made * month };
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0).toFixed(2);
  const [least, most] = [sum(each.map((one) => one.least)), sum(each.map((one) => one.most))];
  if (most === "NaN") return "not known";
  return least === most ? `${most} US$` : `${least} to ${most} US$`;
}
