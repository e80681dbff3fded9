import { FlyError, type FlyErrorFacts } from "../../api/fly/error";
import { describeError } from "./describe-error";

const write = { method: "POST", path: "/v1/apps/shop/machines", flyMessage: "no" } as const;

function described(facts: Partial<FlyErrorFacts> & Pick<FlyErrorFacts, "kind">) {
  return describeError(new FlyError({ ...write, requestId: "01REQ", ...facts }), { name: "fly_app shop" });
}

test.each<[Partial<FlyErrorFacts> & Pick<FlyErrorFacts, "kind">, string]>([
  [{ kind: "unauthorized", status: 401 }, "fly/token-refused"],
  [{ kind: "forbidden", status: 403 }, "fly/token-scope"],
  [{ kind: "invalid", status: 422, code: "name_taken" }, "fly/name-taken"],
  [{ kind: "invalid", status: 400 }, "fly/refused"],
  [{ kind: "precondition", status: 412, code: "insufficient_capacity" }, "fly/no-capacity"],
  [
    { kind: "precondition", status: 412, flyMessage: "could not reserve resource for machine: insufficient CPUs" },
    "fly/no-capacity",
  ],
  [{ kind: "precondition", status: 412, flyMessage: "machine version mismatch" }, "fly/precondition"],
  [{ kind: "forbidden", status: 403, flyMessage: "organization quota exceeded" }, "fly/quota"],
  [{ kind: "conflict", status: 409, flyMessage: "lease currently held by ann" }, "fly/leased"],
  [{ kind: "conflict", status: 409 }, "fly/conflict"],
  [{ kind: "rate-limited", status: 429, retryAfterMs: 9000 }, "fly/rate-limited"],
  [{ kind: "unavailable", status: 503 }, "fly/unavailable"],
  [{ kind: "malformed", status: 200 }, "fly/malformed"],
  [{ kind: "network" }, "fly/unreachable"],
  [{ kind: "timeout", status: 408 }, "fly/timeout"],
  [{ kind: "not-found", status: 404 }, "fly/not-found"],
])("explains %j as %s", (facts, id) => {
  expect(described(facts)?.detail).toMatch(new RegExp(`\\[${id}\\]$`));
});

test("says what Fly said, on which call, with the request id, and how long to wait", () => {
  expect(
    described({ kind: "rate-limited", status: 429, flyMessage: "slow down", retryAfterMs: 8100 })?.detail,
  ).toContain(
    "Fly answered 429 to POST /v1/apps/shop/machines (request 01REQ): slow down. Fly asks to wait 9 s. This was not done.",
  );
});

test("says whether it was done, as far as that is known", () => {
  expect(described({ kind: "network", ambiguous: true })?.detail).toContain("It may have been done all the same");
  expect(described({ kind: "network", method: "GET" })?.detail).toContain("Nothing was changed by this call");
});

test("leaves other errors alone", () => {
  expect(describeError(new Error("oops"), { name: "fly_app shop" })).toBeUndefined();
});
