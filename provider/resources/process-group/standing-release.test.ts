import type { Machine, Release } from "../../../api/fly";
import { standingRelease } from "./standing-release";

/** "3 failed b": version, status, image; the newest first. */
function releases(...lines: readonly string[]): Release[] {
  return lines.map((line) => {
    const [version = "", status = "", image_ref] = line.split(" ");
    return { id: version, version: Number(version), status, image_ref };
  });
}

/** "b 3": image, and the release that its metadata names; "canary" and "destroyed" after them say what they are. */
function machines(...lines: readonly string[]): Machine[] {
  return lines.map((line) => {
    const [image = "", version, kind] = line.split(" ");
    const metadata = {
      fly_process_group: "app",
      ...(version !== undefined && { fly_release_version: version }),
      ...(kind === "canary" && { fly_canary: "true" }),
    };
    const state = kind === "destroyed" ? kind : "started";
    return { id: line, name: line, state, region: "ord", instance_id: "1", config: { image, metadata } };
  });
}

const standing = (list: readonly Release[], live: readonly Machine[], before?: string) =>
  standingRelease(list, live, before)?.version;

test.each([
  ["nothing was released", [], ["a"], undefined],
  ["every release failed", ["2 failed b", "1 interrupted a"], ["a 1"], undefined],
  ["the newest is complete, whatever the machines run", ["2 complete b", "1 complete a"], ["c 2"], 2],
  ["the newest failed, is under way or was given up", ["3 running c", "2 failed b", "1 complete a"], ["b 2"], 1],
  ["secrets were changed after a good release", ["2 complete a", "1 complete a"], ["a 2"], 2],
  ["a release names no image", ["2 complete", "1 complete a"], ["a 1"], 1],
])("%s", (_case, list, live, expected) => {
  expect(standing(releases(...list), machines(...live))).toBe(expected);
});

describe("after a failed release, a complete one with its image", () => {
  const repeated = releases("3 complete b", "2 failed b", "1 complete a");

  test.each([
    ["does not count when the machines kept theirs: secrets were changed", ["a 3", "a 3"], 1],
    ["does not count when some kept theirs: half a roll-out, then secrets", ["b 3", "a 3"], 1],
    ["does not count when nothing runs it", ["c 3"], 1],
    ["does not count by what a canary or a destroyed machine runs", ["a 3", "b 3 canary", "b 3 destroyed"], 1],
    ["does not count by them alone", ["b 3 canary", "b 3 destroyed"], 1],
    ["counts when the machines run it: it was tried again", ["b 3", "b 3"], 3],
    ["counts beside a machine that somebody gave another image", ["b 3", "c 3"], 3],
    ["counts beside a machine that the second attempt did not mark", ["b 3", "a 1"], 3],
    ["counts when machines that were made since run it", ["b", "b"], 3],
  ])("%s", (_case, live, expected) => {
    expect(standing(repeated, machines(...live))).toBe(expected);
  });

  test("does not count more the more often it is repeated", () => {
    const again = releases("4 complete b", ...["3 complete b", "2 failed b", "1 complete a"]);
    expect(standing(again, machines("a 4", "a 3"))).toBe(1);
    expect(standing(again, machines("b 4", "b 3"))).toBe(4);
  });

  test("is judged by the last apply where it is the first that the app had", () => {
    const first = releases("2 complete b", "1 failed b");
    expect(standing(first, machines("b 2", "a 2"), "a")).toBeUndefined();
    expect(standing(first, machines("a 2"))).toBeUndefined();
    expect(standing(first, machines("b 2"), "a")).toBe(2);
  });

  test("is followed by one with another image, which counts", () => {
    expect(standing(releases("4 complete c", "3 complete b", "2 failed b", "1 complete a"), machines("a 3"))).toBe(4);
  });
});
