import { getNamedType, isInterfaceType, isLeafType, isObjectType } from "graphql";
import { createHarness } from "../harness";
import { schema } from "./schema";

const other = { authorization: "Bearer fo1_sandbox_other" };
const readonly = { authorization: "Bearer fo1_sandbox_readonly" };
const none = { authorization: "Bearer fo1_sandbox_none" };

function setUp() {
  const harness = createHarness();
  const ask = async (query: string, variables?: object, headers?: Readonly<Record<string, string>>) => {
    const { status, body } = await harness.call("POST", "/graphql", { query, variables }, headers);
    expect(status).toBe(200);
    return body;
  };
  return { ...harness, ask };
}

/** An app with one of everything. */
async function setUpShop() {
  const harness = setUp();
  await harness.app("shop");
  await harness.machine("shop", {
    metadata: { fly_process_group: "app" },
    services: [{ protocol: "tcp", internal_port: 8080, ports: [{ port: 443, handlers: ["tls", "http"] }] }],
  });
  await harness.call("POST", "/v1/apps/shop/secrets", { values: { KEY: "very-secret" } });
  for (const type of ["v4", "v6", "shared_v4", "private_v6", "egress_pair"]) {
    await harness.call("POST", "/v1/apps/shop/ip_assignments", { type });
  }
  await harness.call("POST", "/v1/apps/shop/certificates/acme", { hostname: "www.example.com" });
  const release = { app_name: "shop", image: "nginx", strategy: "ROLLING", definition: { app: "shop" } };
  await harness.call("POST", "/api/v1/releases", release);
  return harness;
}

/** A selection of all fields without required arguments, that many types deep. */
function everything(typeName: string, depth: number): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return "";
  const fields = Object.values(type.getFields()).flatMap(({ name, args, type: fieldType }) => {
    if (args.some((arg) => arg.type.toString().endsWith("!"))) return [];
    const inner = getNamedType(fieldType);
    if (isLeafType(inner)) return [name];
    return depth > 1 ? [`${name} ${everything(inner.name, depth - 1)}`] : [];
  });
  return `{ __typename ${fields.join(" ")} }`;
}

describe("graphql", () => {
  test("answers every field of its schema", async () => {
    const { ask } = await setUpShop();
    const { data, errors } = await ask(
      `{ app(name: "shop") ${everything("App", 5)} organization(slug: "hotdash") ${everything("Organization", 3)}
         platform ${everything("FlyPlatform", 2)} viewer ${everything("Principal", 1)} nearestRegion { code name } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.app).toMatchObject({
      id: "shop",
      platformVersion: "machines",
      services: [{ protocol: "TCP", internalPort: 8080, ports: [{ port: 443, handlers: ["TLS", "HTTP"] }] }],
      currentReleaseUnprocessed: { version: 1, configDefinition: { app: "shop" } },
    });
  });

  test("gives the secrets, addresses and certificates of a whole organization at once, and never a value", async () => {
    const { ask } = await setUpShop();
    const body = await ask(`{ organization(slug: "hotdash") { apps { nodes { name
      secrets { name digest createdAt user { email } }
      ipAddresses { nodes { address type region } } sharedIpAddress
      certificates { nodes { hostname } } } } } }`);
    const [shop] = body.data.organization.apps.nodes;
    expect(shop.secrets).toEqual([
      {
        name: "KEY",
        digest: expect.stringMatching(/^[0-9a-f]{16}$/),
        createdAt: "2026-01-01T00:00:00.500Z",
        user: { email: "dev@hotdash.example" },
      },
    ]);
    expect(shop.ipAddresses.nodes.map(({ type }: { type: string }) => type)).toEqual(["v4", "v6", "private_v6"]);
    expect(shop.sharedIpAddress).toMatch(/^66\.241\./);
    expect(shop.certificates.nodes).toEqual([{ hostname: "www.example.com" }]);
    expect(JSON.stringify(body)).not.toContain("very-secret");
  });

  test("refuses a field that the schema does not have, and a query that is none", async () => {
    const { ask } = setUp();
    expect(await ask("{ viewer { email } app(name: 1) { colour } }")).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ message: expect.stringContaining('Cannot query field "colour" on type "App"') }),
      ]),
    });
    expect(await ask("{ viewer {")).toMatchObject({ errors: [{ message: expect.stringContaining("Syntax Error") }] });
  });

  test("cannot find an app that does not exist or that belongs to others", async () => {
    const { ask, app } = setUp();
    await app("shop");
    const missing = (name: string) => ({
      data: { app: null },
      errors: [{ message: `Could not find App "${name}"`, path: ["app"], extensions: { code: "NOT_FOUND" } }],
    });
    expect(await ask(`{ app(name: "nosuch") { id } }`)).toMatchObject(missing("nosuch"));
    expect(await ask(`{ app(name: "shop") { id } }`, {}, other)).toMatchObject(missing("shop"));
    expect(await ask(`{ app(name: "shop") { id } }`, {}, none)).toMatchObject(missing("shop"));
  });

  test("answers an unknown token with an error of GraphQL, not of HTTP", async () => {
    const { ask } = setUp();
    expect(await ask("{ viewer { email } }", {}, { authorization: "Bearer fo1_nobody" })).toEqual({
      data: null,
      errors: [{ message: "You must be authenticated to view this.", extensions: { code: "UNAUTHORIZED" } }],
    });
  });

  test("lets an app's deploy token see its app and nothing else", async () => {
    const { ask, app, call } = setUp();
    await app("shop");
    await app("blog");
    const { body } = await call("POST", "/v1/apps/shop/deploy_token", { expiry: "1h" });
    const headers = { authorization: `Bearer ${body.token}` };
    expect(await ask(`{ app(name: "shop") { name organization { apps { nodes { name } } } } }`, {}, headers)).toEqual({
      data: { app: { name: "shop", organization: { apps: { nodes: [{ name: "shop" }] } } } },
    });
    expect((await ask(`{ app(name: "blog") { name } }`, {}, headers)).errors[0].message).toContain("Could not find");
    expect((await ask("{ apps { nodes { name } } }", {}, headers)).errors[0].message).toBe(
      "Not authorized to list apps.",
    );
  });

  test("pages a list by cursor in the order of names", async () => {
    const { ask, app } = setUp();
    for (const name of ["c", "a", "b"]) await app(name);
    const query = `query($after: String) { apps(type: "container", first: 2, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { name } totalCount } }`;
    const first = (await ask(query)).data.apps;
    expect(first).toMatchObject({
      nodes: [{ name: "a" }, { name: "b" }],
      pageInfo: { hasNextPage: true },
      totalCount: 3,
    });
    const second = (await ask(query, { after: first.pageInfo.endCursor })).data.apps;
    expect(second).toMatchObject({ nodes: [{ name: "c" }], pageInfo: { hasNextPage: false } });
    expect((await ask(query, { after: "no cursor" })).errors[0].message).toBe('"no cursor" is not a valid cursor.');
  });

  test("runs the operation that is named", async () => {
    const { call } = setUp();
    const query = "query One { viewer { email } } query Two { nearestRegion { code } }";
    const { body } = await call("POST", "/graphql", { query, operationName: "Two" });
    expect(body).toEqual({ data: { nearestRegion: { code: "iad" } } });
  });

  test("gives an organization's large number as text", async () => {
    const { ask } = setUp();
    const { data } = await ask(`{ organization(slug: "hotdash") { internalNumericId } }`);
    expect(data.organization.internalNumericId).toEqual(expect.any(String));
  });
});

describe("graphql mutations", () => {
  const allocate = `mutation($input: AllocateIPAddressInput!) { allocateIpAddress(input: $input) {
    app { sharedIpAddress } ipAddress { address type region } clientMutationId } }`;
  const release = "mutation($input: ReleaseIPAddressInput!) { releaseIpAddress(input: $input) { clientMutationId } }";

  test("allocate and release the addresses that the Machines API shows", async () => {
    const { ask, app, call } = setUp();
    await app("shop");
    const v6 = { appId: "shop", type: "v6", clientMutationId: "1" };
    const { allocateIpAddress } = (await ask(allocate, { input: v6 })).data;
    expect(allocateIpAddress).toMatchObject({ ipAddress: { type: "v6", region: "global" }, clientMutationId: "1" });
    const { body } = await call("GET", "/v1/apps/shop/ip_assignments");
    expect(body.ips).toMatchObject([{ ip: allocateIpAddress.ipAddress.address }]);
    const ip = allocateIpAddress.ipAddress.address;
    expect((await ask(release, { input: { appId: "shop", ip } })).errors).toBeUndefined();
    expect((await call("GET", "/v1/apps/shop/ip_assignments")).body.ips).toEqual([]);
    expect((await ask(release, { input: { appId: "shop", ip } })).errors[0].extensions.code).toBe("NOT_FOUND");
  });

  test("show a shared address with the app only, and refuse a second one", async () => {
    const { ask, app } = setUp();
    await app("shop");
    const input = { appId: "shop", type: "shared_v4" };
    expect((await ask(allocate, { input })).data.allocateIpAddress).toMatchObject({
      app: { sharedIpAddress: expect.stringMatching(/^66\.241\./) },
      ipAddress: null,
    });
    expect((await ask(allocate, { input })).errors[0].extensions.code).toBe("UNPROCESSABLE");
  });

  test("allocate egress addresses in pairs and release one of them", async () => {
    const { ask, app } = setUp();
    await app("shop");
    const pair = (
      await ask(
        "mutation($input: AllocateEgressIPAddressInput!) { allocateEgressIpAddress(input: $input) { v4 v6 } }",
        { input: { appId: "shop", region: "iad" } },
      )
    ).data.allocateEgressIpAddress;
    const query = `{ app(name: "shop") { egressIpAddresses { nodes { ip version region } } } }`;
    expect((await ask(query)).data.app.egressIpAddresses.nodes).toEqual([
      { ip: pair.v4, version: 4, region: "iad" },
      { ip: pair.v6, version: 6, region: "iad" },
    ]);
    const free = `mutation($input: ReleaseEgressIPAddressInput!) { releaseEgressIpAddress(input: $input) { v4 v6 } }`;
    expect((await ask(free, { input: { appId: "shop", ip: pair.v4 } })).data.releaseEgressIpAddress).toEqual({
      v4: pair.v4,
      v6: null,
    });
  });

  test("are refused to a token that only reads, to others, and to all in read-only mode", async () => {
    const { ask, app, sandbox } = setUp();
    await app("shop");
    const input = { appId: "shop", type: "v6" };
    const refused = { message: "Not authorized to update this app.", extensions: { code: "UNAUTHORIZED" } };
    expect((await ask(allocate, { input }, readonly)).errors).toMatchObject([refused]);
    expect((await ask(allocate, { input }, other)).errors[0].message).toBe('Could not find App "shop"');
    sandbox.control.setReadOnly(true);
    expect((await ask(allocate, { input })).errors).toMatchObject([refused]);
    expect(sandbox.control.state().apps.get("shop")?.addresses.size).toBe(0);
  });

  test("make a token that works until it is taken back", async () => {
    const { ask, app, call } = setUp();
    await app("shop");
    const { id: organizationId } = (await ask(`{ organization(slug: "hotdash") { id } }`)).data.organization;
    const create = `mutation($input: CreateLimitedAccessTokenInput!) { createLimitedAccessToken(input: $input) {
      limitedAccessToken { id tokenHeader profile expiresAt } } }`;
    const input = { name: "ci", organizationId, profile: "deploy", profileParams: { app_id: "shop" }, expiry: "1h" };
    const { id, tokenHeader, profile } = (await ask(create, { input })).data.createLimitedAccessToken
      .limitedAccessToken;
    expect(profile).toBe("deploy");
    const machines = async () =>
      (await call("GET", "/v1/apps/shop/machines", undefined, { authorization: tokenHeader })).status;
    expect(await machines()).toBe(200);
    const revoke =
      "mutation($input: DeleteLimitedAccessTokenInput!) { deleteLimitedAccessToken(input: $input) { token } }";
    expect((await ask(revoke, { input: { id } })).errors).toBeUndefined();
    expect(await machines()).toBe(401);
    expect((await ask(create, { input: { ...input, profile: "litefs_cloud" } })).errors[0].message).toContain(
      "not_emulated",
    );
  });
});
