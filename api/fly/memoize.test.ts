import { apps } from "./apps";
import { asReader, createFly } from "./create-fly";
import { scripted } from "./fake";
import { memoize } from "./memoize";

const fly = createFly({
  token: "t",
  machinesUrl: "http://127.0.0.1:1",
  graphqlUrl: "http://127.0.0.1:1",
  uiexUrl: "http://127.0.0.1:1",
});

function counting(status = 200) {
  const { caller, sent } = scripted([{ status, body: { name: "shop", status: "x", organization: { slug: "acme" } } }]);
  return { reader: memoize({ ...asReader(fly), apps: apps(caller) }), sent };
}

test("makes each read once, also when asked at the same time", async () => {
  const { reader, sent } = counting();
  await Promise.all([reader.apps.find("shop"), reader.apps.find("shop")]);
  await reader.apps.find("shop");
  await reader.apps.find("other");
  expect(sent).toHaveLength(2);
});

test("remembers a failure", async () => {
  const { reader, sent } = counting(403);
  await expect(reader.apps.find("shop")).rejects.toMatchObject({ kind: "forbidden" });
  await expect(reader.apps.find("shop")).rejects.toMatchObject({ kind: "forbidden" });
  expect(sent).toHaveLength(1);
});

test("forgets one app after a write to it or to a machine of it", async () => {
  const { reader, sent } = counting();
  await reader.apps.find("shop");
  await reader.apps.find("other");
  reader.forget("shop/m1");
  await reader.apps.find("shop");
  await reader.apps.find("other");
  expect(sent).toHaveLength(3);
});

test("a reader has no writes at run time", () => {
  const names = Object.values(asReader(fly)).flatMap((noun) => Object.keys(noun));
  expect([...new Set(names)].sort()).toEqual(["current", "events", "find", "list", "listOrganization", "responses"]);
});
