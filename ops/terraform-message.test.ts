import { readLine, withHolder } from "./terraform-message";

describe("readLine", () => {
  test("a refreshed resource is a step", () => {
    const line =
      '{"@level":"info","type":"refresh_complete","hook":{"resource":{"addr":"fly_app.app"},"id_key":"id","id_value":"shop"}}';
    expect(readLine(line)).toEqual({ step: { kind: "refresh", phase: "done", address: "fly_app.app" } });
  });

  test("a running apply tells its seconds", () => {
    const line =
      '{"type":"apply_progress","hook":{"resource":{"addr":"fly_app.app"},"action":"update","elapsed_seconds":10}}';
    expect(readLine(line).step).toEqual({
      kind: "apply",
      phase: "progress",
      address: "fly_app.app",
      action: "update",
      elapsedSeconds: 10,
    });
  });

  test("a wait for the lock is a step", () => {
    const line = '{"@message":"Acquiring state lock. This may take a few moments...","type":"state_lock_acquire"}';
    expect(readLine(line)).toEqual({ step: { kind: "lock", phase: "start", address: "" } });
  });

  test("a diagnostic keeps Terraform's words and names the attribute that its snippet points at", () => {
    const line = JSON.stringify({
      type: "diagnostic",
      diagnostic: {
        severity: "error",
        summary: "Volume cannot shrink",
        detail: "The configuration says 10 GB.",
        address: "fly_volume.data",
        snippet: { context: 'resource "fly_volume" "data"', code: '        "size_gb": 10,' },
      },
    });
    expect(readLine(line).trouble).toEqual({
      severity: "error",
      summary: "Volume cannot shrink",
      detail: "The configuration says 10 GB.",
      address: "fly_volume.data",
      path: "size_gb",
    });
  });

  test.each(["", "no json", "{broken", '{"type":"version"}', '{"type":"outputs","outputs":{}}'])(
    "%j says nothing",
    (line) => {
      expect(readLine(line)).toEqual({});
    },
  );
});

describe("withHolder", () => {
  const lock = (detail: string) => ({ severity: "error", summary: "Error acquiring the state lock", detail }) as const;

  test("a lock names its holder and what to type", () => {
    const { detail } = withHolder(
      lock(`Error message: resource temporarily unavailable
Lock Info:
  ID:        dd21d04b-aea8
  Path:      ../../../terraform.staging.tfstate
  Operation: OperationTypeApply
  Who:       ada@desk
  Version:   1.11.4
  Created:   2026-11-21 13:45:26.342421329 +0000 UTC
  Info:

Terraform acquires a state lock to protect the state.`),
      "stacks/staging",
    );
    expect(detail).toBe(
      "ada@desk has held it since 2026-11-21 13:45:26 UTC (apply). Nothing was changed. Run this again when that run is done. If it has died without letting go: terraform -chdir=stacks/staging force-unlock dd21d04b-aea8 [terraform/locked]",
    );
  });

  test("a lock without a holder, and any other trouble, keep Terraform's words", () => {
    expect(withHolder(lock("no such bucket"), "a")).toEqual(lock("no such bucket"));
    const other = { severity: "error", summary: "Invalid", detail: "Who: ada\nID: 1" } as const;
    expect(withHolder(other, "a")).toBe(other);
  });
});

test("a check that only the apply can decide is not told", () => {
  const diagnostic = { severity: "warning", summary: "Check block assertion known after apply", detail: "" };
  expect(readLine(JSON.stringify({ type: "diagnostic", diagnostic }))).toEqual({});
});
