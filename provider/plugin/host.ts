import { createPluginServer } from "./server";
import type { OpenSession, Progress } from "./service";
import { listen } from "./socket";

/** How to host a provider in this process. */
export interface HostOptions {
  readonly openSession: OpenSession;
  /** Address of the provider in Terraform's words: `registry.terraform.io/hotdash/fly`. */
  readonly address: string;
  /** Told of the steps of every run. */
  readonly onProgress?: (step: Progress) => void;
  /** Told of errors that are bugs, with their stack; Terraform shows the message alone. */
  readonly onBug?: (error: unknown) => void;
}

/** A provider that runs in this process, for any number of Terraform runs at once. */
export interface HostedProvider {
  /** Value for the environment variable TF_REATTACH_PROVIDERS of a Terraform run (not of `terraform init`). */
  readonly reattach: string;
  /** Ends all runs' connections and resolves when the calls under way have answered. */
  close(): Promise<void>;
}

/**
 * Hosts a provider for Terraform runs that are given `reattach`.
 *
 * There is no TLS: the socket stands in a folder that only this user may enter. Terraform never stops a provider that it
 * reattached to in test mode.
 */
export async function hostProvider({ openSession, address, onProgress, onBug }: HostOptions): Promise<HostedProvider> {
  const server = createPluginServer({
    openSession,
    progress: onProgress ?? (() => {}),
    onShutdown: () => {},
    onBug: onBug ?? (() => {}),
  });
  const socket = await listen();
  socket.onConnection(server.accept);
  const reattach = {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: "unix", String: socket.path },
  };
  return {
    reattach: JSON.stringify({ [address]: reattach }),
    async close() {
      socket.close();
      await server.close();
    },
  };
}
