import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type MailServer, mailServer } from "./support/mail-server";
import { type ManagedRepository, managedRepository } from "./support/managed-repository";

const password = 'canary "q\\1" 5f6e7d';
const token = "canary-fly-0a1b2c3d4e";
const recipients = ["jo@example.org", "ada@example.org"];

describe("notify.mjs", () => {
  let repository: ManagedRepository;
  let server: MailServer;
  let web: Server;
  let url: string;
  /** What HTTP transports sent since the test began, and what they are answered, in turn; then 202. */
  let posts: { path: string; key?: string | undefined; body: string }[];
  let answers: number[];
  beforeAll(async () => {
    repository = managedRepository();
    web = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => {
        body += part.toString();
      });
      request.on("end", () => {
        posts.push({ path: request.url ?? "", key: request.headers.authorization, body });
        response.writeHead(answers.shift() ?? 202).end(`said: ${password}`);
      });
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  });
  beforeEach(async () => {
    [posts, answers] = [[], []];
    server = await mailServer(password);
  });
  afterEach(() => server.close());
  afterAll(() => {
    repository.remove();
    web.close();
  });

  const notify = async (
    env: NodeJS.ProcessEnv = {},
    more: object = {},
    summary = "Version v1.2.3 did not start — three times",
  ) => {
    repository.policy((policy) => ({
      notifications: { ...policy.notifications, recipients, transport: "zoho", channels: [], ...more },
    }));
    const outcome = await repository.run(
      "node",
      ["scripts/ops/notify.mjs", "--kind", "deployment", "--summary", summary],
      {
        ZOHO_SMTP_USER: "ops@example.org",
        ZOHO_SMTP_PASSWORD: password,
        ZOHO_SMTP_HOST: "127.0.0.1",
        ZOHO_SMTP_PORT: String(server.port),
        SENDGRID_URL: url,
        PAGERDUTY_URL: url,
        NOTIFY_PAUSE_SECONDS: "0",
        ...env,
      },
    );
    for (const canary of [password, token]) expect(outcome.output).not.toContain(canary);
    return outcome;
  };
  const reached = () => server.mails.map(({ to }) => to).sort();

  it("sends every recipient a mail with the kind, its severity and what the steps before found", async () => {
    const { code, output } = await notify({
      NOTICE_RUN: "https://github.test/runs/1",
      NOTIFICATION_EMAIL_SENDER: "infra@example.org",
    });
    expect({ code, output }).toEqual({ code: 0, output: "sent: jo@example.org\nsent: ada@example.org\n" });
    expect(reached()).toEqual([...recipients].sort());
    expect(server.mails[0]).toMatchObject({
      from: "infra@example.org",
      user: "ops@example.org",
      subject: "[critical] deployment: Version v1.2.3 did not start — three times",
      text: "Version v1.2.3 did not start — three times\n\nrun: https://github.test/runs/1\n",
    });
  });

  it("names who got none where one address is refused, and still reaches the others", async () => {
    server.answer("jo@example.org", "550 unknown");
    expect(await notify()).toEqual({
      code: 1,
      output:
        "sent: ada@example.org\nnot sent: jo@example.org: the mail server answered 550\nnotify: 1 of 2 got no notice of deployment: jo@example.org\n",
    });
    expect(reached()).toEqual(["ada@example.org"]);
  });

  it("tries three times what fails in passing, and no more", async () => {
    server.answer("jo@example.org", "450 later", "450 later");
    server.answer("ada@example.org", "450 later", "450 later", "450 later", "450 never");
    const { code, output } = await notify();
    expect({ code, reached: reached() }).toEqual({ code: 1, reached: ["jo@example.org"] });
    expect(output).toContain("not sent: ada@example.org: the mail server answered 450 (tried 3 times)");
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ["the password is wrong", { ZOHO_SMTP_PASSWORD: "another" }, "refused ZOHO_SMTP_USER and its password (reply 535)"],
    ["the password is not set", { ZOHO_SMTP_PASSWORD: "" }, "ZOHO_SMTP_PASSWORD not set"],
    ["no server listens", { ZOHO_SMTP_PORT: "1" }, "no mail server answered (curl ended in 7) (tried 3 times)"],
  ])("says so for each recipient when %s", async (_name, env, words) => {
    const { code, output } = await notify(env);
    expect({ code, count: output.split(words).length - 1 }).toEqual({ code: 1, count: 2 });
  });

  it("puts the name of a secret in the place of its value, however it is written", async () => {
    const forms = [token, encodeURIComponent(password), Buffer.from(token).toString("base64")];
    await notify(
      { FLY_API_TOKEN: token, NOTICE_LOG: `url?a=${forms[1]} basic ${forms[2]}` },
      {},
      `Login with ${token} failed`,
    );
    const [{ subject, text } = { subject: "", text: "" }] = server.mails;
    expect(subject).toBe("[critical] deployment: Login with [value of FLY_API_TOKEN] failed");
    expect(text).toContain("log: url?a=[value of ZOHO_SMTP_PASSWORD] basic [value of FLY_API_TOKEN]");
  });

  it("sends by SendGrid, to each recipient apart", async () => {
    answers = [202, 400];
    const env = { SENDGRID_API_KEY: token, NOTIFICATION_EMAIL_SENDER: "infra@example.org" };
    const { code, output } = await notify(env, { transport: "sendgrid" });
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining("it answered 400") });
    expect(posts.map(({ path, key }) => [path, key])).toEqual(Array(2).fill(["/v3/mail/send", `Bearer ${token}`]));
    expect(posts.map(({ body }) => JSON.parse(body).personalizations[0].to[0].email).sort()).toEqual(
      [...recipients].sort(),
    );
  });

  it("sends to Slack and PagerDuty too when they are channels, and names the one that got none", async () => {
    answers = [503];
    const env = { SLACK_WEBHOOK_URL: `${url}/${token}`, PAGERDUTY_ROUTING_KEY: token };
    expect(await notify(env, { channels: ["slack", "pagerduty"] })).toMatchObject({ code: 0 });
    expect(reached()).toEqual([...recipients].sort());
    expect(posts).toHaveLength(3);
    const page = posts.find(({ path }) => path === "/v2/enqueue");
    expect(JSON.parse(page?.body ?? "{}")).toMatchObject({
      event_action: "trigger",
      payload: { severity: "critical" },
    });
    const outcome = await notify({ PAGERDUTY_ROUTING_KEY: token }, { channels: ["slack", "pagerduty"] });
    expect(outcome).toMatchObject({ code: 1, output: expect.stringContaining("got no notice of deployment: slack") });
  });

  it("takes no kind that it does not know", async () => {
    const { code, output } = await repository.run("node", [
      "scripts/ops/notify.mjs",
      "--kind",
      "party",
      "--summary",
      "x",
    ]);
    expect({ code, output }).toEqual({
      code: 2,
      output: expect.stringContaining("--kind is party; known are error-rate"),
    });
  });

  it("hands curl no secret as an argument", async () => {
    repository.write("bin/curl", '#!/bin/sh\necho "$@" > arguments\ncat > settings\nprintf 250\n');
    await notify({ PATH: `${repository.folder}/bin:${process.env.PATH}` });
    expect(repository.read("settings")).toContain("ops@example.org:canary");
    expect(repository.read("arguments")).not.toMatch(/canary|ops@/);
  });
});
