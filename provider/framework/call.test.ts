import { decodeValue } from "../plugin/dynamic-value";
import { unknown } from "../plugin/value";
import { Problem } from "./definition";
import { apply, Outside, open, planned, read, state, summaries, wire } from "./testing/disk";

describe("an error in a handler", () => {
  const fails = (error: unknown) => ({
    read: async () => {
      throw error;
    },
    create: async () => {
      throw error;
    },
    update: async () => {
      throw error;
    },
    delete: async () => {
      throw error;
    },
  });

  test("leaves the state of a read as it was", async () => {
    const { service } = await open(fails(new Outside("503")));
    const response = await read(service, state, Buffer.from('{"a":1}'));
    expect(response).toMatchObject({ new_state: wire(state), private: Buffer.from('{"a":1}') });
    expect(response.diagnostics).toMatchObject([
      { severity: "ERROR", summary: "Outside", detail: "503 for edge_disk d1 [edge/outside]" },
    ]);
  });

  test("leaves nothing of a create, and the prior state of an update and a delete", async () => {
    const { service } = await open(fails(new Outside("503")));
    const left = async (response: ReturnType<typeof apply>) => decodeValue((await response).new_state);
    expect(await left(apply(service, null, { ...planned, id: unknown }))).toBeNull();
    expect(await left(apply(service, state, planned))).toEqual(state);
    expect(await left(apply(service, state, null))).toEqual(state);
  });

  test("stores what it says is there", async () => {
    const problem = new Problem(
      { summary: "Half", detail: "[edge/half]", path: ["size_gb"] },
      { state: { ...state, size_gb: 3 } },
    );
    const { service } = await open(fails(problem));
    const response = await apply(service, state, planned);
    expect(decodeValue(response.new_state)).toEqual({ ...state, size_gb: 3 });
    expect(response.diagnostics).toEqual([
      {
        severity: "ERROR",
        summary: "Half",
        detail: "[edge/half]",
        attribute: { steps: [{ attribute_name: "size_gb" }] },
      },
    ]);
  });

  test("is a bug where nobody knows it, told with its place and without what it may quote", async () => {
    const secret = "hunter2";
    const command = Object.assign(new Error(`Command failed: echo ${secret}`), { cmd: secret });
    const caused = new Error(secret, { cause: secret });
    for (const error of [command, caused, thrownBy(() => JSON.parse(secret)), secret]) {
      const { service } = await open(fails(error));
      const response = await read(service);
      expect(summaries(response)).toEqual(["The provider has a bug [provider/bug]"]);
      expect(JSON.stringify(response.diagnostics)).not.toContain(secret);
    }
    const { service } = await open(fails(new TypeError("x is not a function")));
    const [diagnostic] = (await read(service)).diagnostics ?? [];
    expect(diagnostic?.detail).toContain("read of edge_disk with TypeError: x is not a function");
    expect(diagnostic?.detail).toMatch(/ {4}at .*call\.test/);
  });

  test("is an interruption once Terraform has asked to stop", async () => {
    const { service } = await open({
      update: (_, __, ___, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const response = apply(service, state, planned);
    await service.stopProvider({});
    expect(summaries(await response)).toEqual(["Interrupted [provider/interrupted]"]);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
