/** The connection is cut in the middle of an apply, before or after the write has happened, once or for good. */
import type { Fault } from "../../sandbox/fault";
import { applyTwice, type Course, expectClearError, expectFinished, wholeApp } from "./whole-app";

/** Where and how the connection is cut for good, and what comes of it. */
interface Row {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly cut: "before" | "after";
  /** Absent: the apply finds its way by reading. */
  readonly id?: string;
  /** Where state and reality disagree; the error then says that it is not known. */
  readonly apart?: readonly string[];
}

const unreachable = "fly/unreachable";
const creates: readonly Row[] = [
  { at: "the app is created", method: "POST", path: "^/v1/apps$", cut: "before", id: unreachable },
  {
    at: "the app is created",
    method: "POST",
    path: "^/v1/apps$",
    cut: "after",
    id: unreachable,
    apart: ["app shop is on Fly only"],
  },
  {
    at: "secrets are set",
    method: "POST",
    path: "/secrets$",
    cut: "before",
    id: unreachable,
    apart: ["secret API_KEY is in the state only"],
  },
  { at: "secrets are set", method: "POST", path: "/secrets$", cut: "after", id: unreachable },
  { at: "volumes are created", method: "POST", path: "/volumes$", cut: "before", id: "fly/ambiguous-create" },
  { at: "volumes are created", method: "POST", path: "/volumes$", cut: "after" },
  {
    at: "machines are created",
    method: "POST",
    path: "/machines$",
    cut: "before",
    id: unreachable,
    apart: ["volume data is on Fly only"],
  },
  {
    at: "machines are created",
    method: "POST",
    path: "/machines$",
    cut: "after",
    id: unreachable,
    apart: ["machine web is on Fly only", "volume data is on Fly only"],
  },
  {
    at: "an address is allocated",
    method: "POST",
    path: "/ip_assignments$",
    cut: "before",
    id: "fly/ambiguous-create",
  },
  { at: "an address is allocated", method: "POST", path: "/ip_assignments$", cut: "after" },
  { at: "a certificate is asked for", method: "POST", path: "/acme$", cut: "before", id: unreachable },
  { at: "a certificate is asked for", method: "POST", path: "/acme$", cut: "after" },
];

const updates: readonly Row[] = [
  { at: "a lease is taken", method: "POST", path: "/lease", cut: "before", id: unreachable },
  { at: "a lease is taken", method: "POST", path: "/lease", cut: "after" },
  { at: "a machine is updated", method: "POST", path: "/machines/\\w+$", cut: "before", id: unreachable },
  { at: "a machine is updated", method: "POST", path: "/machines/\\w+$", cut: "after" },
  { at: "a machine is looked at", method: "GET", path: "/machines/\\w+$", cut: "before", id: unreachable },
  { at: "a lease is given back", method: "DELETE", path: "/lease", cut: "before" },
  { at: "a lease is given back", method: "DELETE", path: "/lease", cut: "after" },
];

const once = (cut: "before" | "after") =>
  ["^/v1/apps$", "/secrets$", "/volumes$", "/machines$", "/ip_assignments$", "/acme$", "/lease"].map(
    (path): Fault => ({ match: { method: "POST", path }, times: 1, effect: { cut } }),
  );

describe("a connection that is cut", () => {
  test.concurrent.each(creates)("for good $cut the write, when $at", async (row) => {
    expectEnd(row, await applyTwice({ hosted: true, trouble: cutting(row) }));
  });

  test.concurrent.each(updates)("for good $cut the write, when $at", async (row) => {
    const configuration = wholeApp({ image: "registry.fly.io/shop:2" });
    expectEnd(row, await applyTwice({ hosted: true, before: wholeApp(), configuration, trouble: cutting(row) }));
  });

  test.concurrent("once after each kind of write is no error, and nothing is made twice", async () => {
    const course = await applyTwice({ trouble: ({ sandbox }) => sandbox.control.setFaults(once("after")) });
    expect(course.first).toMatchObject({ code: 0 });
    expectFinished(course);
  });

  test.concurrent("once before each kind of write leaves nothing that the second apply does not finish", async () => {
    expectFinished(await applyTwice({ trouble: ({ sandbox }) => sandbox.control.setFaults(once("before")) }));
  });
});

function cutting({ method, path, cut }: Row) {
  return ({ sandbox }: { sandbox: { control: { setFaults(faults: readonly Fault[]): void } } }) =>
    sandbox.control.setFaults([{ match: { method, path }, effect: { cut } }]);
}

function expectEnd({ id, apart = [] }: Row, course: Course): void {
  const { code, text } = course.first;
  expect({ code, text }).toEqual({ code: id ? 1 : 0, text });
  if (id) expectClearError(text, { id, next: /run it again|Apply again/ });
  expect(course.disagreements).toEqual(apart);
  if (apart.length > 0) expect(text.replace(/\s+/g, " ")).toMatch(/may have been done all the same|Volumes made: vol_/);
  expectFinished(course);
}
