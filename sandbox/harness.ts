import { createSandbox, type Sandbox, type SandboxOptions } from "./index";

/** An answer as a test looks at it. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails when it is not there
  readonly body: any;
}

/** Speaks to a sandbox in process, on a manual clock, without limits unless asked for. */
export interface Harness {
  readonly sandbox: Sandbox;
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** An app of that name in the organization of the default token. */
  app(name: string): Promise<void>;
  /** A machine with this configuration on top of an image, created and, unless told otherwise, started. */
  machine(app: string, config?: object, body?: object): Promise<Answer["body"]>;
}

/** For tests of the sandbox itself. */
export function createHarness(options: SandboxOptions = {}): Harness {
  const sandbox = createSandbox({ clock: "manual", limits: "off", ...options });
  const harness: Harness = {
    sandbox,
    async call(method, path, body, headers = {}) {
      const response = await sandbox.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method,
          headers: { authorization: "Bearer fo1_sandbox_deploy", ...headers },
          ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
    async app(name) {
      await harness.call("POST", "/v1/apps", { name, org_slug: "hotdash" });
    },
    async machine(app, config = {}, body = {}) {
      const path = `/v1/apps/${app}/machines`;
      const created = await harness.call("POST", path, { config: { image: "nginx", ...config }, ...body });
      if (created.status !== 200) throw new Error(JSON.stringify(created.body));
      await sandbox.control.advance(500);
      const { nonce } = created.body;
      return { ...(await harness.call("GET", `${path}/${created.body.id}`)).body, ...(nonce && { nonce }) };
    },
  };
  return harness;
}
