/** Removes many previews; one that Fly keeps does not keep the others. */
import type { Fly } from "../../api/fly";
import { removePreview } from "./orphan";
import type { PreviewPattern } from "./pattern";

interface Sweeping {
  readonly signal: AbortSignal;
  progress(text: string): void;
  /** Says it where people look. */
  tell?(number: number, orphan: string): Promise<unknown>;
}

interface Swept {
  /** Names of apps that are gone. */
  readonly removed: readonly string[];
  /** Each that is still there, or could not be told of, and why. */
  readonly left: readonly string[];
}

/** Stops between two previews when asked to. */
export async function sweepPreviews(
  fly: Fly,
  pattern: PreviewPattern,
  orphans: readonly { readonly number: number; readonly app: string; readonly orphan: string | undefined }[],
  { signal, progress, tell }: Sweeping,
): Promise<Swept> {
  const removed: string[] = [];
  const left: string[] = [];
  for (const { number, app, orphan = "" } of orphans) {
    if (signal.aborted) break;
    progress(`Removing ${app}`);
    try {
      if (await removePreview(fly, pattern, number)) removed.push(app);
      await tell?.(number, orphan);
    } catch (error) {
      left.push(`${app}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { removed, left };
}
