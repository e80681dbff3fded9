import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a path answers, call by call: a status, or a status with a body, after so many ms. The last one stays. */
export type PathAnswers = readonly (
  | number
  | { readonly status: number; readonly body: string; readonly afterMs?: number }
)[];

/** Sites by host, such as "hot-dash.fly.dev": answers by path. What is not named answers 404. */
export type Sites = Readonly<Record<string, Readonly<Record<string, PathAnswers>>>>;

/** The sites behind one loopback port. */
export interface Served {
  /** Text whose HTTPS addresses of the sites, and of anything below fly.dev, lead to the loopback port. */
  redirect(text: string): string;
  /** The text with the addresses as they were. */
  restore(text: string): string;
  /** Requests as "GET hot-dash.fly.dev/health", in their order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves every site in a folder named as its host, so that plain HTTP and one port suffice. */
export async function serve(sites: Sites): Promise<Served> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const [, host = "", path = ""] = /^\/([^/?]*)([^?]*)/.exec(request.url ?? "") ?? [];
    const line = `${request.method} ${host}${path || "/"}`;
    const earlier = requests.filter((one) => one === line).length;
    requests.push(line);
    const answers = sites[host]?.[path || "/"] ?? [404];
    const answer = answers[Math.min(earlier, answers.length - 1)] ?? 404;
    const { status, body, afterMs = 0 } = typeof answer === "number" ? { status: answer, body: "" } : answer;
    request.resume().on("end", () => setTimeout(() => response.writeHead(status).end(body), afterMs));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const loopback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    redirect: (text) =>
      Object.keys(sites)
        .reduce((now, host) => now.replaceAll(`https://${host}`, `${loopback}${host}`), text)
        .replace(/https:\/\/(?=[^\s"']*(?:\$\{\{[^}]*\}\}[^\s"']*)?\.fly\.dev)/g, loopback),
    restore: (text) => text.replaceAll(loopback, "https://"),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
