import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ignore } from "../../report/model";
import { addIgnores, readIgnores } from "./ignore-file";

const now = Date.parse("2026-11-21T12:00:00Z");
let directory: string;
const path = () => join(directory, "drift-ignore.yaml");
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "infra-ignore-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const entry: Ignore = {
  kind: "known",
  stack: "production",
  address: "fly_process_group.app",
  path: 'env["a: b"]',
  reason: "# no comment: 'quoted'",
  owner: "ann",
  until: "2026-12-31",
};

test("a project without the file lets nothing be", () => {
  expect(readIgnores(directory, now)).toEqual([]);
});

test("what is added is read back, and what stood there is not touched", () => {
  expect(addIgnores(directory, [entry], now)).toEqual([entry]);
  const first = readFileSync(path(), "utf8");
  expect(first).toMatch(/^# What infra drift lets be/);
  writeFileSync(path(), `${first}# kept by hand`);
  const second = { ...entry, kind: "ignore", path: "" } as const;
  expect(addIgnores(directory, [second], now)).toEqual([entry, second]);
  expect(readIgnores(directory, now)).toEqual([entry, second]);
  expect(readFileSync(path(), "utf8").startsWith(`${first}# kept by hand\n`)).toBe(true);
});

test("a file of comments alone has no entries", () => {
  writeFileSync(path(), "# nothing yet\n");
  expect(readIgnores(directory, now)).toEqual([]);
});

test.each([
  ["no YAML", "- {", /1 problem|problems/],
  ["no list", "kind: ignore", /is a list of entries/],
  [
    "several mistakes at once",
    "- {kind: forget, stack: '', address: a, path: b, reason: c, owner: d, until: tomorrow, why: x}",
    /4 problems:[\s\S]*\[0\]\.kind: is "ignore"[\s\S]*\[0\]\.stack: must not be empty[\s\S]*\[0\]\.until: is a day[\s\S]*"why" is not a key here/,
  ],
  [
    "a day too far ahead",
    "- {kind: ignore, stack: s, address: a, path: b, reason: c, owner: d, until: 2027-02-20}",
    /\[0\]\.until: 2027-02-20 is more than 90 days ahead; the latest is 2027-02-19/,
  ],
  [
    "everything",
    "- {kind: ignore, stack: s, address: a, path: '*', reason: c, owner: d, until: 2026-12-01}",
    /\[0\]\.path: "\*" covers everything/,
  ],
  [
    "one finding twice",
    "- &one {kind: ignore, stack: s, address: a, path: b, reason: c, owner: d, until: 2026-12-01}\n- *one",
    /\[1\]: is for the same finding as an entry above/,
  ],
])("%s is refused with what is wrong", (_what, text, expected) => {
  writeFileSync(path(), text);
  expect(() => readIgnores(directory, now)).toThrow(expected);
  expect(() => readIgnores(directory, now)).toThrow("[config/drift-ignore]");
});

test("nothing is written of an entry that is not as it should be", () => {
  expect(() => addIgnores(directory, [{ ...entry, until: "2031-01-01" }], now)).toThrow("more than 90 days ahead");
  expect(existsSync(path())).toBe(false);
});
