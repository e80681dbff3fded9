/** What the pipeline writes into the tag of an image. */
export interface ImageLabel {
  readonly version: string | undefined;
  readonly commit: string | undefined;
  /** Id of the workflow run that made or deployed it. */
  readonly run: number | undefined;
}

const nothing: ImageLabel = { version: undefined, commit: undefined, run: undefined };

/** Tags are `build-<commit>-<run>-<attempt>` (staging), `<version>-<run>` (production) or `<version>`; of others nothing is known. */
export function labelOf(image: string | undefined): ImageLabel {
  const tag = /:([\w.-]+)(?:@|$)/.exec(image?.slice(image.lastIndexOf("/")) ?? "")?.[1] ?? "";
  const [, commit, builder] = /^build-([0-9a-f]{40})-(\d+)-\d+$/.exec(tag) ?? [];
  if (commit) return { ...nothing, commit, run: Number(builder) };
  const [, version, run] = /^(v\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)(?:-(\d+))?$/.exec(tag) ?? [];
  return { ...nothing, version, run: run === undefined ? undefined : Number(run) };
}
