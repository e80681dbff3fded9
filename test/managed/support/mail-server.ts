import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

/** A mail as it came in. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly user: string;
  readonly subject: string;
  /** Decoded. */
  readonly text: string;
}

/** A mail server on a loopback port that takes one user, and mail for whom it likes. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Answers to `RCPT TO` by address, in turn; after the last one, and for other addresses, it takes the mail. */
  answer(to: string, ...replies: readonly string[]): void;
  close(): Promise<void>;
}

/** Listens; `password` is the only one that it takes. */
export async function mailServer(password: string): Promise<MailServer> {
  const mails: Mail[] = [];
  const replies = new Map<string, string[]>();
  const server = createServer((socket) => talk(socket, password, mails, replies));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    answer: (to, ...lines) => void replies.set(to, [...lines]),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

function talk(socket: Socket, password: string, mails: Mail[], replies: Map<string, string[]>): void {
  let mail = { from: "", to: "", user: "" };
  let data: string[] | undefined;
  let isLoggingIn = false;
  /** The answer to a line; none to the lines of a mail. */
  const reply = (line: string): string | undefined => {
    if (data && line !== ".") {
      data.push(line);
      return undefined;
    }
    if (data) {
      mails.push({ ...mail, ...read(data.join("\n")) });
      data = undefined;
      return "250 taken";
    }
    if (isLoggingIn) {
      const [, user = "", given] = Buffer.from(line, "base64").toString().split("\0");
      mail = { ...mail, user };
      isLoggingIn = false;
      return given === password ? "235 welcome" : "535 no";
    }
    const [verb = "", rest = ""] = line.split(/[ :](.*)/s);
    const address = /<(.*)>/.exec(rest)?.[1] ?? "";
    if (verb === "MAIL") mail = { ...mail, from: address };
    if (verb === "RCPT") mail = { ...mail, to: address };
    if (verb === "DATA") data = [];
    if (verb === "AUTH") isLoggingIn = true;
    if (verb === "RCPT") return replies.get(address)?.shift() ?? "250 fine";
    return { EHLO: "250-here\r\n250 AUTH PLAIN", AUTH: "334 ", DATA: "354 go on", QUIT: "221 bye" }[verb] ?? "250 fine";
  };
  let rest = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    const lines = (rest + part).split("\r\n");
    rest = lines.pop() ?? "";
    for (const answer of lines.map(reply)) if (answer !== undefined) socket.write(`${answer}\r\n`);
  });
  socket.on("error", () => socket.destroy());
  socket.write("220 here\r\n");
}

function read(message: string): Pick<Mail, "subject" | "text"> {
  const [head = "", body = ""] = message.split("\n\n");
  const subject = /^Subject: =\?utf-8\?B\?(.*)\?=$/m.exec(head)?.[1] ?? "";
  const text = (base64: string) => Buffer.from(base64, "base64").toString();
  return { subject: text(subject), text: text(body) };
}
