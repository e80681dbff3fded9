import { createHash } from "node:crypto";
import { createSandbox } from "../index";

const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
const sandbox = createSandbox({ clock: "manual" });
let count = 0;
const own = "http://127.0.0.1/api/v3/repos/hotdash/hotdash/releases";

async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: "Bearer ghp_sandbox_admin", ...init.headers };
  return sandbox.fetch(new Request(`${own}${path}`, { ...init, method, headers }));
}

interface Asset {
  readonly id: number;
  readonly digest: string;
}

const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T;

async function release(tag: string): Promise<number> {
  return (await json<Asset>(ask("POST", "", { body: JSON.stringify({ tag_name: tag }) }))).id;
}

const upload = (id: number, query: string, body: Uint8Array<ArrayBuffer> = bytes) =>
  ask("POST", `/${id}/assets${query}`, { body, headers: { "content-type": "application/gzip" } });

test("keeps a file byte by byte, with its digest, below its release", async () => {
  const id = await release("v1.0.0");
  const made = await upload(id, "?name=shop-1.0.0.tar.gz");
  const asset = (await made.json()) as Asset;
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  expect([made.status, asset]).toMatchObject([201, { name: "shop-1.0.0.tar.gz", size: 300, digest }]);
  const { assets } = await json<{ assets: Asset[] }>(ask("GET", "/tags/v1.0.0"));
  expect(assets).toEqual([asset]);
  const file = await ask("GET", `/assets/${asset.id}`, { headers: { accept: "application/octet-stream" } });
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
  expect(await json(ask("GET", `/assets/${asset.id}`))).toMatchObject({ digest, download_count: 1 });
  expect((await ask("DELETE", `/assets/${asset.id}`)).status).toBe(204);
  expect((await ask("GET", `/assets/${asset.id}`)).status).toBe(404);
});

test.each([
  { what: "without a name", query: "" },
  { what: "of a name that is taken", query: "?name=taken" },
  { what: "that is empty", query: "?name=empty", body: new Uint8Array() },
])("refuses a file $what", async ({ query, body }) => {
  count += 1;
  const id = await release(`v2.${count}`);
  await upload(id, "?name=taken");
  expect((await upload(id, query, body)).status).toBe(422);
});

test("takes no file from who may only read", async () => {
  const id = await release("v3");
  const headers = { authorization: "Bearer ghp_sandbox_nobody", "content-type": "application/gzip" };
  expect((await ask("POST", `/${id}/assets?name=a`, { body: bytes, headers })).status).toBe(401);
});
