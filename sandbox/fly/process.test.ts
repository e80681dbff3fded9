import { createHarness } from "../harness";

const services = [8080, 9090, 8080].map((internal_port) => ({ protocol: "tcp", internal_port }));

test("a running machine listens on the ports of its services, a stopped one runs nothing", async () => {
  const { app, machine, call, sandbox } = createHarness();
  await app("shop");
  const { id } = await machine("shop", { services, init: { cmd: ["npm", "start"] } });
  const path = `/v1/apps/shop/machines/${id}`;
  expect((await call("GET", `${path}/ps`)).body).toMatchObject([
    {
      command: "npm start",
      listen_sockets: [
        { proto: "tcp", address: "0.0.0.0:8080" },
        { proto: "tcp", address: "0.0.0.0:9090" },
      ],
    },
  ]);
  await call("POST", `${path}/stop`);
  await sandbox.control.advance(500);
  expect((await call("GET", `${path}/ps`)).body).toEqual([]);
});
