import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A unix socket that takes connections, in a folder that only this user may enter. */
export interface ListeningSocket {
  readonly path: string;
  /** Hands over each connection. Those that come before the next turn of the event loop wait for it. */
  onConnection(take: (connection: Socket) => void): void;
  /** Takes no more connections and removes the folder. */
  close(): void;
}

/** Longest path of a socket in bytes that works on Linux (108) and macOS (104), with room to spare. */
const longestPath = 100;

/**
 * Listens on a new unix socket.
 *
 * @param folder where the socket's own folder is made; where that gives too long a path, it is made in /tmp
 */
export async function listen(folder: string = tmpdir()): Promise<ListeningSocket> {
  const name = "tfp-";
  const fits = Buffer.byteLength(join(folder, `${name}XXXXXX`, "s")) < longestPath;
  const own = mkdtempSync(join(fits ? folder : "/tmp", name)); // mode 0700
  const remove = () => rmSync(own, { recursive: true, force: true });
  process.once("exit", remove);

  const server = createServer();
  const path = join(own, "s");
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  return {
    path,
    onConnection: (take) => void server.on("connection", take),
    close() {
      process.off("exit", remove);
      server.close();
      remove();
    },
  };
}
