/** The provider in this process, for runs of Terraform that would else start it three times for a plan and four for an apply. */
import { flyProvider } from "../../provider/fly";
import { defineProvider } from "../../provider/framework/provider";
import { type HostedProvider, hostProvider } from "../../provider/plugin/host";

/** @param env env vars of the runs; `TF_REATTACH_PROVIDERS` is added to them */
export async function hostFor(env: Record<string, string>): Promise<HostedProvider> {
  const hosted = await hostProvider({ openSession: (session) => sessionWith(env)(session), address });
  env.TF_REATTACH_PROVIDERS = hosted.reattach;
  return hosted;
}

const address = "registry.terraform.io/hotdash/fly";

/** A provider for one run, with these env vars, which shares nothing with others: as if Terraform had started it. */
function sessionWith(env: Readonly<Record<string, string>>) {
  const provider = flyProvider({ budgets: new Map() });
  return defineProvider({ ...provider, configure: (values, _env, session) => provider.configure(values, env, session) })
    .openSession;
}
