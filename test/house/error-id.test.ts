import { classOf } from "../../report/failure-class";
import { textOf, trackedFiles } from "./tree";

/** An id ends a message in brackets, or stands alone as a text where a problem is data: [fly/volume-shrink], "fly/volume-shrink". */
const idPattern =
  /[["]((?:fly|config|provider|synth|infra|sandbox|secrets|terraform|github|workflow)\/[a-z0-9-]+)[\]"]/g;

/** What looks like an id and is none: the branch of a proposal, and the status of a review. */
const others = ["infra/workflows", "infra/review"];

const idsIn = (text: string): string[] =>
  [...text.matchAll(idPattern)].map((match) => match[1] as string).filter((id) => !others.includes(id));

function raised(): Set<string> {
  const sources = trackedFiles().filter((path) => path.endsWith(".ts") && !/\.test(-d)?\.ts$|^test\//.test(path));
  return new Set(sources.flatMap((path) => idsIn(textOf(path))));
}

describe("error ids", () => {
  const documented = new Set(
    [...textOf("docs/errors.md").matchAll(/^\| `([a-z]+\/[a-z0-9-]+)` \|/gm)].map((match) => match[1] as string),
  );

  test("every id that a message carries is documented in docs/errors.md", () => {
    expect([...raised()].filter((id) => !documented.has(id)).sort()).toEqual([]);
  });

  test("every documented id is carried by a message", () => {
    const ids = raised();
    expect([...documented].filter((id) => !ids.has(id)).sort()).toEqual([]);
  });

  test("every documented id has a class", () => {
    expect([...documented].filter((id) => classOf(id) === null)).toEqual([]);
  });
});
