import type { AppShape, ServiceShape } from "../../config/app-shape";
import { permitted } from "./permitted";

const shape = (service: Partial<ServiceShape>, rest: Partial<AppShape> = {}): AppShape => ({
  app: "shop",
  regions: ["ord"],
  image: { pinned: "nginx" },
  groups: { web: { services: [{ internalPort: 80, ...service }] } },
  ...rest,
});

test("what the rules take stays as it is", () => {
  expect(permitted(shape({ minRunning: 1 }))).toEqual({ shape: shape({ minRunning: 1 }), problems: [] });
});

test.each([
  ["a value is left out", shape({ minRunning: 5 }), shape({})],
  [
    "a part goes with what it cannot be without",
    shape({ checks: [{ type: "tcp", interval: "5m", timeout: "2s" }] }),
    shape({ checks: [] }),
  ],
  [
    "a group that cannot be named goes",
    shape({}, { groups: { Web: {}, worker: {} } }),
    shape({}, { groups: { worker: {} } }),
  ],
])("where a rule refuses, %s", (_what, given, left) => {
  expect(permitted(given)).toEqual({ shape: left, problems: [] });
});

test("what an app cannot be without is told", () => {
  const { problems } = permitted(shape({}, { app: "No Name" }));
  expect(problems.map(({ id }) => id)).toEqual(["fly/app-name"]);
});
