import type { ExitEvent, Machine, MachineConfig, MachineEvent } from "../../api/fly";
import { checkNames, eventLine, judge } from "./health";

const config: MachineConfig = {
  services: [{ internal_port: 3000, checks: [{ type: "tcp" }, { type: "http" }] }],
  checks: { alive: { type: "http", port: 3000 } },
};
const passing = ["servicecheck-00-tcp-3000", "servicecheck-01-http-3000", "alive"].map((name) => ({
  name,
  status: "passing",
}));
const machine = (more: Partial<Machine> = {}): Machine => ({
  id: "1",
  name: "web",
  state: "started",
  region: "ord",
  instance_id: "v2",
  config,
  checks: passing,
  ...more,
});
const exit = (exit_event: ExitEvent, id = "new"): MachineEvent => ({
  id,
  type: "exit",
  timestamp: 0,
  request: { exit_event },
});
const expected = { config, version: "v2", before: new Set(["old"]) };

describe("the verdict on a machine", () => {
  it.each<[string, Machine | undefined, MachineConfig, object]>([
    ["healthy when all checks pass", machine(), config, { state: "healthy" }],
    ["healthy when started without checks", machine({ checks: [] }), {}, { state: "healthy" }],
    ["waiting when Fly does not show it yet", undefined, config, { state: "waiting" }],
    [
      "waiting while it has its old version",
      machine({ instance_id: "v1" }),
      config,
      { state: "waiting", for: "version v2" },
    ],
    ["waiting while it starts", machine({ state: "starting" }), config, { state: "waiting" }],
    [
      "waiting while results are missing",
      machine({ checks: passing.slice(1) }),
      config,
      { state: "waiting", for: "results of its checks (2 of 3)" },
    ],
    [
      "waiting while one is critical",
      machine({ checks: [...passing, { name: "x", status: "critical", output: " no " }] }),
      config,
      { state: "waiting", for: "check x, which is critical: no" },
    ],
    [
      "not judged by checks of a deployment",
      machine({ checks: [...passing, { name: "bg_deployments_compat_1", status: "critical" }] }),
      config,
      { state: "healthy" },
    ],
    [
      "failed when its process ended, although checks pass",
      machine({ events: [exit({ exit_code: 1 })] }),
      config,
      { state: "failed", reason: "its process ended with exit code 1" },
    ],
    [
      "failed when memory was short",
      machine({ events: [exit({ exit_code: 137, oom_killed: true })] }),
      config,
      { state: "failed", reason: "its process was killed for lack of memory" },
    ],
    [
      "failed when its process ended well but its checks need it",
      machine({ state: "stopped", events: [exit({ exit_code: 0 })] }),
      config,
      { state: "failed" },
    ],
    [
      "done when its process ended well and nothing checks it",
      machine({ state: "stopped", events: [exit({ exit_code: 0 })] }),
      {},
      { state: "done" },
    ],
    [
      "not judged by exits from before",
      machine({ events: [exit({ exit_code: 1 }, "old")] }),
      config,
      { state: "healthy" },
    ],
    [
      "not judged by an exit that was asked for",
      machine({ events: [exit({ exit_code: 1, requested_stop: true })] }),
      config,
      { state: "healthy" },
    ],
    [
      "failed in state failed",
      machine({ state: "failed" }),
      config,
      { state: "failed", reason: "its state is failed" },
    ],
    ["failed when somebody destroyed it", machine({ state: "destroyed" }), config, { state: "failed" }],
  ])("is %s", (_, live, its, verdict) => {
    expect(judge(live, { ...expected, config: its })).toMatchObject(verdict);
  });
});

it("expects one result for equal service checks of one port", () => {
  const twice = { internal_port: 80, checks: [{ type: "tcp" }] };
  expect([...checkNames({ services: [twice, twice] })]).toEqual(["servicecheck-00-tcp-80"]);
});

it("tells the last events in one line", () => {
  const events = [exit({ exit_code: 1 }), { id: "2", type: "start", status: "started", timestamp: 1_000 }];
  expect(eventLine(machine({ events }))).toBe(
    "1970-01-01T00:00:00.000Z exit with code 1, 1970-01-01T00:00:01.000Z start (started)",
  );
  expect(eventLine(machine())).toBe("none");
});
