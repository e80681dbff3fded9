import { readLine } from "./terraform-message";

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
