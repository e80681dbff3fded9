import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { encodeValue } from "./dynamic-value";
import { hostProvider } from "./host";
import type { Progress } from "./service";
import { callMethod, connectClient } from "./testing/client";
import { noteProvider } from "./testing/note-provider";
import { methods } from "./tfplugin6";

const address = "example.com/test/note";
const socketOf = (reattach: string): string => JSON.parse(reattach)[address].Addr.String;

test("says how Terraform reattaches", async () => {
  const host = await hostProvider({ openSession: noteProvider(), address });
  expect(JSON.parse(host.reattach)).toEqual({
    [address]: {
      Protocol: "grpc",
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "unix", String: expect.stringMatching(/^\/.*\/s$/) },
    },
  });
  await host.close();
});

test("is not disturbed by a connection that only looks whether someone is there", async () => {
  const onOpen = jest.fn();
  const host = await hostProvider({ openSession: noteProvider({ onOpen }), address });
  const probe = connect(socketOf(host.reattach));
  await once(probe, "connect");
  probe.destroy();
  const client = await connectClient(socketOf(host.reattach));
  expect(await client.call("/grpc.health.v1.Health/Check")).toMatchObject({ status: 0 });
  expect(onOpen).not.toHaveBeenCalled();
  await host.close();
});

test("does not end when one run asks to shut down", async () => {
  const host = await hostProvider({ openSession: noteProvider(), address });
  const client = await connectClient(socketOf(host.reattach));
  await client.call("/plugin.GRPCController/Shutdown");
  expect(await client.call("/grpc.health.v1.Health/Check")).toMatchObject({ status: 0 });
  await host.close();
});

test("passes on the steps of a run, and closes only when its calls have ended", async () => {
  const steps: Progress[] = [];
  let aborted = false;
  const duringApply = (_: string, signal: AbortSignal) =>
    once(signal, "abort").then(() => {
      aborted = true;
    });
  const openSession = noteProvider({ duringApply });
  const host = await hostProvider({ openSession, address, onProgress: (step) => steps.push(step) });
  const client = await connectClient(socketOf(host.reattach));
  const planned_state = { msgpack: encodeValue({ text: "t" }) };
  const apply = callMethod(client, "ApplyResourceChange", methods.ApplyResourceChange, { planned_state }).catch(
    () => {},
  );
  while (steps.length === 0) await new Promise(setImmediate);
  await host.close();
  await apply;
  expect(steps).toEqual([{ subject: "note t", message: "being written" }]);
  expect(aborted).toBe(true);
  expect(existsSync(socketOf(host.reattach))).toBe(false);
});
