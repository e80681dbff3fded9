/** Runs our provider inside this process, so that many Terraform runs share it and its steps can be told. */
import type { Snapshot } from "../provider/fly";
import type { Progress } from "../provider/plugin/service";

export interface Host {
  /** Value of TF_REATTACH_PROVIDERS; undefined: Terraform starts the provider by itself. */
  readonly reattach: string | undefined;
  /** Shares with the runs what is read beside them, where all read one snapshot. */
  readonly remember?: Snapshot["remember"];
  close(): Promise<void>;
}

/**
 * Hosts the provider until `close`; `onProgress` is told each step of every run. With `snapshot` all runs together read each object of
 * Fly once: for commands that apply nothing.
 */
export async function hostFlyProvider(
  onProgress: (step: Progress) => void,
  { snapshot = false }: { readonly snapshot?: boolean } = {},
): Promise<Host> {
  const { hostProvider }: typeof import("../provider/plugin/host") = require("../provider/plugin/host");
  const { openSession, openSnapshot }: typeof import("../provider/fly") = require("../provider/fly");
  const shared = snapshot ? openSnapshot() : undefined;
  const host = await hostProvider({ openSession: shared?.openSession ?? openSession, address: ADDRESS, onProgress });
  return { ...host, remember: shared?.remember };
}

const ADDRESS = "registry.terraform.io/hotdash/fly";
