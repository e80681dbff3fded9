import type { Progress } from "../plugin/service";
import type { Diagnostic as WireDiagnostic } from "../plugin/tfplugin6";
import type { Attributes } from "./attribute";
import { type Context, type Diagnostic, type PrivateState, Problem } from "./definition";
import { bug, wireDiagnostic } from "./diagnostic";

/** What a call works on, for the people who read its progress and its errors. */
export interface Subject {
  /** What runs: "create of fly_app". */
  readonly during: string;
  /** What it is done to: "fly_app shop". */
  readonly name: string;
}

/** An error that is no {@link Problem} as diagnostics; undefined: it is not known either, so it is a bug. */
export type DescribeError = (error: unknown, subject: Subject) => Diagnostic | readonly Diagnostic[] | undefined;

/** What calls of one session share. */
export interface CallTools {
  readonly describeError: DescribeError | undefined;
  readonly progress: (step: Progress) => void;
  /** Aborted when Terraform asks to stop or goes away. */
  readonly signal: AbortSignal;
}

/** One call of Terraform while it runs: collects its diagnostics, so that no handler's error gets past it. */
export class Call {
  private readonly diagnostics: Diagnostic[] = [];
  /** What a failed handler says is there all the same; see `Problem.state`. */
  salvaged: Readonly<Record<string, unknown>> | undefined;

  constructor(
    private readonly attributes: Attributes,
    private readonly subject: Subject,
    private readonly tools: CallTools,
  ) {}

  get during(): string {
    return this.subject.during;
  }

  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity !== "warning");
  }

  get wire(): WireDiagnostic[] {
    return this.diagnostics.map((one) => wireDiagnostic(this.attributes, one));
  }

  diagnose(...diagnostics: readonly Diagnostic[]): void {
    this.diagnostics.push(...diagnostics);
  }

  /** What `run` gives; undefined when it threw, and then its error is among the diagnostics. */
  async attempt<T>(run: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof Problem) this.salvaged = error.state;
      this.diagnose(...this.describe(error));
      return undefined;
    }
  }

  /** The context that handlers get. */
  context<Settings>(settings: Settings, store: PrivateState): Context<Settings> {
    return {
      settings,
      private: store,
      signal: this.tools.signal,
      diagnose: (diagnostic) => this.diagnose(diagnostic),
      progress: (message) => this.tools.progress({ subject: this.subject.name, message }),
    };
  }

  private describe(error: unknown): readonly Diagnostic[] {
    if (error instanceof Problem) return error.diagnostics;
    if (this.tools.signal.aborted && isAbort(error, this.tools.signal)) return [interrupted(this.subject)];
    const described = this.tools.describeError?.(error, this.subject);
    if (described === undefined) return [bug(error, this.during)];
    return "summary" in described ? [described] : described;
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

function interrupted({ during, name }: Subject): Diagnostic {
  return {
    summary: "Interrupted",
    detail: `Terraform asked to stop in the middle of the ${during} (${name}). What was done up to there stays; plan again to see what is left. [provider/interrupted]`,
  };
}
