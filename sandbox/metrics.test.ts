import { createHarness } from "./harness";

const query = (text: string) => `/prometheus/hotdash/api/v1/query?query=${encodeURIComponent(text)}`;
const answered = (app: string, seconds: number) =>
  query(`sum by (status) (increase(fly_app_http_responses_count{app="${app}"}[${seconds}s]))`);

test("tells what an app has answered in the last seconds, by status", async () => {
  const { call, app, sandbox } = createHarness();
  await app("shop");
  sandbox.control.tamper({ kind: "answered", app: "shop", statuses: { 200: 90, 503: 1 } });
  await sandbox.control.advance(60_000);
  sandbox.control.tamper({ kind: "answered", app: "shop", statuses: { 200: 10 } });
  const seen = async (seconds: number) =>
    (await call("GET", answered("shop", seconds))).body.data.result.map(
      ({ metric, value }: { metric: { status: string }; value: string[] }) => [metric.status, value[1]],
    );
  expect([await seen(30), await seen(90)]).toEqual([
    [["200", "10"]],
    [
      ["200", "100"],
      ["503", "1"],
    ],
  ]);
  expect((await call("GET", answered("nothing", 30))).body.data.result).toEqual([]);
});

test.each([
  { what: "another question", path: query("up"), status: 400 },
  { what: "another organization", path: answered("shop", 30).replace("hotdash", "other-org"), status: 403 },
  { what: "no token", path: answered("shop", 30), status: 401, token: "" },
])("refuses $what", async ({ path, status, token }) => {
  const { call } = createHarness();
  expect((await call("GET", path, undefined, token === undefined ? {} : { authorization: token })).status).toBe(status);
});
