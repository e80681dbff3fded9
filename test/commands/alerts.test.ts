/** `infra alerts test`: the rendered script, a mail server on loopback, and a person who wants to know who took it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configuration } from "../../config";
import { managedFiles } from "../../constructs/managed/managed-file";
import { type MailServer, mailServer } from "../managed/support/mail-server";
import { fakeProject, infra, type Ran, remove } from "./support/project";

const password = "canary-0a1b2c3d";
const [jo, ada] = ["jo@example.org", "ada@example.org"];
const directory = fakeProject({ workflows: {} });
let server: MailServer;

beforeAll(() => {
  const wanted = /^scripts\/(ops\/(notify|transport)\.mjs|policy\/policy\.(mjs|json))$/;
  for (const { path, text } of managedFiles(configuration()).filter((one) => wanted.test(one.path))) {
    const file = join(directory, "cdktf.out", "files", "repository", path);
    mkdirSync(dirname(file), { recursive: true });
    const policy = path.endsWith(".json") ? JSON.parse(text) : undefined;
    if (policy) Object.assign(policy.notifications, { recipients: [jo, ada], transport: "zoho", channels: [] });
    writeFileSync(file, policy ? JSON.stringify(policy) : text);
  }
});
beforeEach(async () => {
  server = await mailServer(password);
});
afterEach(() => server.close());
afterAll(() => remove(directory));

async function alerts(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const ran = await infra(directory, ["alerts", "test", ...argv], {
    env: {
      ZOHO_SMTP_USER: "ops@example.org",
      ZOHO_SMTP_PASSWORD: password,
      ZOHO_SMTP_HOST: "127.0.0.1",
      ZOHO_SMTP_PORT: String(server.port),
      NOTIFY_PAUSE_SECONDS: "0",
      ...env,
    },
  });
  expect(ran.stdout + ran.stderr).not.toContain(password);
  return ran;
}

test("sends one notice of each alert to everybody, and says that they were taken", async () => {
  const { code, stdout } = await alerts(["uptime", "secret-detected"]);
  expect({ code, lines: stdout.trim().split("\n") }).toEqual({
    code: 0,
    lines: [
      `uptime to ${jo}: accepted`,
      `uptime to ${ada}: accepted`,
      `secret-detected to ${jo}: accepted`,
      `secret-detected to ${ada}: accepted`,
    ],
  });
  expect(server.mails.map(({ to }) => to).sort()).toEqual([ada, ada, jo, jo]);
  expect(server.mails.map(({ subject }) => subject)).toContain(
    "[critical] uptime: Test of the alert uptime: nothing is wrong, this asks only whether notices arrive",
  );
});

test("names who did not take it, and why, and ends in 1", async () => {
  server.answer(ada, "550 no such box");
  const { code, stdout } = await alerts(["--json"]);
  expect({ code, deliveries: JSON.parse(stdout).deliveries }).toEqual({
    code: 1,
    deliveries: [
      { kind: "drift", to: jo, accepted: true },
      { kind: "drift", to: ada, accepted: false, problem: "the mail server answered 550" },
    ],
  });
});

test("with --dry-run sends nothing, and says what this shell lacks", async () => {
  const { code, stdout, stderr } = await alerts(["--dry-run"], { ZOHO_SMTP_PASSWORD: "" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: `drift (warning) to ${jo}, ${ada} by zoho\n` });
  expect(stderr).toContain("Not set in this shell: ZOHO_SMTP_PASSWORD.");
  expect(server.mails).toEqual([]);
});

test("refuses an alert that does not exist", async () => {
  const { code, stderr } = await alerts(["uptme"]);
  expect({ code, says: stderr }).toEqual({ code: 1, says: expect.stringContaining('did you mean "uptime"?') });
});

test("says where nothing sends alerts", async () => {
  const empty = fakeProject({ workflows: {} });
  const { code, stderr } = await infra(empty, ["alerts", "test"]);
  expect({ code, says: stderr }).toEqual({ code: 1, says: expect.stringContaining("[infra/no-alerts]") });
  remove(empty);
});
