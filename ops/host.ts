/** Runs our provider inside this process, so that many Terraform runs share it and its steps can be told. */
import type { Progress } from "../provider/plugin/service";

export interface Host {
  /** Value of TF_REATTACH_PROVIDERS; undefined: Terraform starts the provider by itself. */
  readonly reattach: string | undefined;
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
  return hostProvider({ openSession: snapshot ? openSnapshot() : openSession, address: ADDRESS, onProgress });
}

const ADDRESS = "registry.terraform.io/hotdash/fly";
