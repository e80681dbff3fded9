import type { SessionContext } from "../plugin/service";
import type { Attributes } from "./attribute";
import { Call, type CallTools } from "./call";
import type { KnownObject } from "./conform";
import { type AnyDataSource, type AnyResource, Problem } from "./definition";
import type { AnyProvider, Client } from "./provider";

/** One Terraform run as the framework sees it: who it is configured as, and when it ends. */
export class Session<R, W extends R, Settings> {
  private client: Client<R, W, Settings> | undefined;
  private undecided: readonly string[] = [];
  private readonly stopping = new AbortController();
  private readonly tools: CallTools;

  constructor(
    readonly provider: AnyProvider<R, W, Settings>,
    private readonly plugin: SessionContext,
  ) {
    const signal = AbortSignal.any([plugin.signal, this.stopping.signal]);
    this.tools = { describeError: provider.describeError, progress: plugin.progress, signal };
  }

  /** Aborted when the connection of this run closes; not yet when it is merely asked to stop. */
  get closed(): AbortSignal {
    return this.plugin.signal;
  }

  /** Ends what runs soon and safely: handlers see their signal. */
  stop(): void {
    this.stopping.abort();
  }

  configure(client: Client<R, W, Settings>): void {
    this.client = client;
  }

  /** Notes that these attributes of the provider are decided only while applying. */
  postpone(undecided: readonly string[]): void {
    this.undecided = undecided;
  }

  /** @throws Problem when the provider's configuration is not known yet */
  get configured(): Client<R, W, Settings> {
    if (this.client) return this.client;
    if (this.undecided.length > 0) throw new Problem(configurationUnknown(this.provider.name, this.undecided));
    throw new Error("a call came before ConfigureProvider");
  }

  resource(type: string): AnyResource<R, W, Settings> {
    return declared(this.provider.resources, type);
  }

  dataSource(type: string): AnyDataSource<R, Settings> {
    return declared(this.provider.dataSources, type);
  }

  /** @param known what is known of the object, to name it in progress and errors */
  call(
    target: {
      readonly type: string;
      readonly attributes: Attributes;
      readonly importKey?: { readonly format: string };
    },
    action: string,
    known: KnownObject = {},
  ): Call {
    const subject = { during: `${action} of ${target.type}`, name: nameOf(target, known) };
    return new Call(target.attributes, subject, this.tools);
  }
}

function declared<T extends { readonly type: string }>(all: readonly T[], type: string): T {
  const found = all.find((one) => one.type === type);
  if (!found) throw new Error(`the provider has no ${type}`);
  return found;
}

/** The natural key where the attributes of its format are known (`app/group`: `shop/web`), else the id. */
function nameOf({ type, importKey }: { type: string; importKey?: { format: string } }, known: KnownObject): string {
  const key = importKey?.format.split("/").map((name) => known[name]);
  const text = key?.every((part) => typeof part === "string") ? key.join("/") : known.id;
  return typeof text === "string" ? `${type} ${text}` : type;
}

function configurationUnknown(provider: string, names: readonly string[]) {
  return {
    summary: "The configuration of the provider is not known yet",
    detail: `Before the apply nothing is known about ${names.map((name) => `"${name}"`).join(", ")} of provider "${provider}", and without it nothing can be read or planned.
Give it a value that does not depend on a resource of the same run, or create that resource first: terraform apply -target=<its address>. [provider/configuration-unknown]`,
  };
}
