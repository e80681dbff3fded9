import { parse } from "yaml";
import { generated } from "./support/generated";

/** Minutes of the hour that the first field of a cron names: "7", "2-59/5". */
function minutes(cron: string): readonly number[] {
  const [, first = "0", last = first, step = "1"] = /^(\d+)(?:-(\d+))?(?:\/(\d+))? /.exec(cron) ?? [];
  const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
  return Array.from({ length: count }, (_, index) => Number(first) + index * Number(step));
}

const schedules = Object.entries(generated()).flatMap(([file, text]) => {
  const crons: readonly { cron: string }[] = parse(text).on.schedule ?? [];
  return crons.map(({ cron }) => ({ file, cron }));
});

test("every workflow of the specification that runs by itself does, as often as it says", () => {
  expect(Object.fromEntries(schedules.map(({ file, cron }) => [file, cron]))).toEqual({
    "health-check.yml": "2-59/5 * * * *",
    "cost-monitoring.yml": "41 14 * * 1",
    "drift-sweep.yml": "4 0,1,16,17 * * *",
    "backup.yml": "23 9 * * *",
    "restore-drill.yml": "19 15 5 1,4,7,10 *",
  });
});

test("no two of them begin in the same minute, and none at the full hour", () => {
  const all = schedules.flatMap(({ cron }) => minutes(cron));
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain(0);
});
